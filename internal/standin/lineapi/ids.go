package lineapi

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"
)

// firstMessageID is of the size LINE's own message ids have today.
const firstMessageID = 461230966842064897

// idMaker makes every id and token from a seed and a counter, so that a run
// with the same seed and the same calls gives the same ids.
type idMaker struct {
	seed    uint64
	counter atomic.Uint64
	message atomic.Uint64
}

// mix is the finaliser of splitmix64: a bijection that scatters neighbours.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (m *idMaker) next16() [16]byte {
	n := m.counter.Add(1)
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], mix(m.seed^mix(2*n)))
	binary.BigEndian.PutUint64(b[8:], mix(m.seed^mix(2*n+1)))
	return b
}

func (m *idMaker) hex32() string {
	b := m.next16()
	return hex.EncodeToString(b[:])
}

// uuid is a request id.
func (m *idMaker) uuid() string {
	b := m.next16()
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	var out [36]byte
	hex.Encode(out[:8], b[:4])
	out[8] = '-'
	hex.Encode(out[9:13], b[4:6])
	out[13] = '-'
	hex.Encode(out[14:18], b[6:8])
	out[18] = '-'
	hex.Encode(out[19:23], b[8:10])
	out[23] = '-'
	hex.Encode(out[24:], b[10:])
	return string(out[:])
}

// messages reserves n consecutive message ids and returns the first.
func (m *idMaker) messages(n int) uint64 {
	return firstMessageID + m.message.Add(uint64(n)) - uint64(n)
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ulid is a webhookEventId: 48 bits of milliseconds and 80 random bits, in
// Crockford's base 32 (https://github.com/ulid/spec).
func (m *idMaker) ulid(at time.Time) string {
	r := m.next16()
	hi := uint64(at.UnixMilli())<<16 | uint64(binary.BigEndian.Uint16(r[:2]))
	lo := binary.BigEndian.Uint64(r[2:10])
	var out [26]byte
	for i := 25; i >= 0; i-- {
		out[i] = crockford[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}

// replyToken is recognisable without being remembered, so that an old one,
// long forgotten, is still told from one never issued.
func (m *idMaker) replyToken() string {
	n := m.counter.Add(1)
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], mix(m.seed^mix(n)))
	binary.BigEndian.PutUint64(b[8:], m.mac("reply", b[:8]))
	return hex.EncodeToString(b[:])
}

func (m *idMaker) issuedReplyToken(token string) bool {
	b, err := hex.DecodeString(token)
	return err == nil && len(b) == 16 && binary.BigEndian.Uint64(b[8:]) == m.mac("reply", b[:8])
}

// mac keeps tokens of another run, or made up, from passing. It is no defence
// against an attacker and need not be one.
func (m *idMaker) mac(purpose string, data []byte) uint64 {
	sum := mix(m.seed)
	for i := range len(purpose) {
		sum = mix(sum ^ uint64(purpose[i]))
	}
	for _, c := range data {
		sum = mix(sum ^ uint64(c))
	}
	return sum
}

// seal makes a quote token or a mark-as-read token: they never expire, so they
// carry what they stand for instead of being remembered.
func (m *idMaker) seal(purpose string, message uint64, chat string) string {
	b := make([]byte, 8, 8+len(chat)+8)
	binary.BigEndian.PutUint64(b, message)
	b = append(b, chat...)
	b = binary.BigEndian.AppendUint64(b, m.mac(purpose, b))
	return base64.RawURLEncoding.EncodeToString(b)
}

func (m *idMaker) unseal(purpose, token string) (message uint64, chat string, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < 16 {
		return 0, "", false
	}
	body, sum := b[:len(b)-8], binary.BigEndian.Uint64(b[len(b)-8:])
	if m.mac(purpose, body) != sum {
		return 0, "", false
	}
	return binary.BigEndian.Uint64(body), string(body[8:]), true
}

func formatMessageID(id uint64) string { return strconv.FormatUint(id, 10) }

// UserID makes the n-th of a row of well-formed user ids, for tests and load.
func UserID(n uint64) string { return fmt.Sprintf("U%032x", n) }

// validID reports whether id is one of LINE's: a letter (U user, C group, R
// room) and 32 hexadecimal digits.
func validID(id string, letters string) bool {
	if len(id) != 33 {
		return false
	}
	found := false
	for i := range len(letters) {
		found = found || letters[i] == id[0]
	}
	if !found {
		return false
	}
	for i := 1; i < len(id); i++ {
		if c := id[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func validUserID(id string) bool { return validID(id, "U") }

// validUUID reports whether s is a UUID in hexadecimal notation, which is all
// LINE asks of a retry key.
func validUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F'):
			return false
		}
	}
	return true
}
