// Package seal encrypts what residents wrote before it is stored, so that a
// copy of the database or of Redis alone tells nothing.
//
// It owns the format of sealed values and the rotation of keys. It does not
// own the keys: they come from the operator (DATA_KEY), or, for the demo, from
// a file beside its database. Nothing is ever stored in the clear: there is no
// Seal without a key.
//
// A sealed value is
//
//	1 byte   version of this format, 1
//	4 bytes  id of the key
//	12 bytes nonce
//	n bytes  AES-256-GCM ciphertext
//	16 bytes tag
//
// and is bound to its place (for example "entries.text:e-123"): moved to
// another row or column it does not open.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// KeySize is the length of a key in bytes (AES-256).
const KeySize = 32

const (
	version   = 1
	idSize    = 4
	nonceSize = 12
	head      = 1 + idSize + nonceSize

	// Overhead is by how many bytes a sealed value is longer than its content.
	Overhead = head + 16
)

// ErrOpen reports a value that does not open: it was altered, it stands in
// another place than it was sealed for, or its key is not among ours. The
// error never says what the value holds.
var ErrOpen = errors.New("sealed value does not open")

// ErrKey reports a value sealed with a key we were not given.
var ErrKey = fmt.Errorf("%w: its key is not among the keys given", ErrOpen)

// Seal seals with its first key and opens with any of its keys. It is safe for
// concurrent use.
type Seal struct {
	current uint32
	keys    map[uint32]cipher.AEAD
}

// New returns a Seal. The first key seals; the others only open what was
// sealed before a change of keys.
func New(keys ...[]byte) (*Seal, error) {
	if len(keys) == 0 {
		return nil, errors.New("seal: no key")
	}
	s := &Seal{keys: make(map[uint32]cipher.AEAD, len(keys))}
	for i, key := range keys {
		if len(key) != KeySize {
			return nil, fmt.Errorf("seal: key %d has %d bytes, want %d", i+1, len(key), KeySize)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("seal: key %d: %w", i+1, err)
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, fmt.Errorf("seal: key %d: %w", i+1, err)
		}
		id := keyID(key)
		if _, twice := s.keys[id]; twice {
			return nil, fmt.Errorf("seal: key %d is given twice", i+1)
		}
		s.keys[id] = aead
		if i == 0 {
			s.current = id
		}
	}
	return s, nil
}

// ParseKeys reads DATA_KEY: base64 keys of 32 bytes each, separated by commas,
// the newest first.
func ParseKeys(list string) ([][]byte, error) {
	var keys [][]byte
	for i, part := range strings.Split(list, ",") {
		part = strings.TrimSpace(part)
		key, err := base64.StdEncoding.DecodeString(part)
		if err != nil {
			// The decoder's own error quotes a byte's place only, but a key's
			// text has no business in any error.
			return nil, fmt.Errorf("key %d is not base64", i+1)
		}
		if len(key) != KeySize {
			return nil, fmt.Errorf("key %d has %d bytes, want %d (make one with: openssl rand -base64 32)", i+1, len(key), KeySize)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// NewKey makes a key.
func NewKey() []byte {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails: crypto/rand ends the program instead
	return key
}

// FormatKeys writes keys as ParseKeys reads them.
func FormatKeys(keys ...[]byte) string {
	parts := make([]string, len(keys))
	for i, key := range keys {
		parts[i] = base64.StdEncoding.EncodeToString(key)
	}
	return strings.Join(parts, ",")
}

// keyID names a key without telling anything about it.
func keyID(key []byte) uint32 {
	sum := sha256.Sum256(append([]byte("tsunagu key id\x00"), key...))
	return binary.BigEndian.Uint32(sum[:])
}

// Seal encrypts content for one place. An empty content gives a sealed value
// like any other.
func (s *Seal) Seal(place string, content []byte) []byte {
	out := make([]byte, head, Overhead+len(content))
	out[0] = version
	binary.BigEndian.PutUint32(out[1:], s.current)
	// A random nonce is safe for 2^32 values a key
	// (https://csrc.nist.gov/pubs/sp/800/38/d/final, 8.3).
	_, _ = rand.Read(out[1+idSize : head])
	return s.keys[s.current].Seal(out, out[1+idSize:head], content, []byte(place))
}

// Open decrypts what Seal sealed for the same place.
func (s *Seal) Open(place string, sealed []byte) ([]byte, error) {
	if len(sealed) < Overhead || sealed[0] != version {
		return nil, fmt.Errorf("%s: %w", column(place), ErrOpen)
	}
	aead, ok := s.keys[binary.BigEndian.Uint32(sealed[1:])]
	if !ok {
		return nil, fmt.Errorf("%s: %w", column(place), ErrKey)
	}
	content, err := aead.Open(nil, sealed[1+idSize:head], sealed[head:], []byte(place))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", column(place), ErrOpen)
	}
	return content, nil
}

// Stale reports whether a value was sealed with another than the newest key.
func (s *Seal) Stale(sealed []byte) bool {
	return len(sealed) < Overhead || sealed[0] != version || binary.BigEndian.Uint32(sealed[1:]) != s.current
}

// column is the part of a place that may stand in a log.
func column(place string) string {
	c, _, _ := strings.Cut(place, ":")
	return c
}
