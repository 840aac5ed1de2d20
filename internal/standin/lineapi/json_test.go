package lineapi

import (
	"encoding/json"
	"hash/maphash"
	"reflect"
	"strings"
	"testing"
)

// plain turns a node into what encoding/json makes of the same text.
func plain(n *node) any {
	switch n.kind {
	case kindNull:
		return nil
	case kindBool:
		return n.str == "true"
	case kindNumber:
		return json.Number(n.str)
	case kindString:
		return n.str
	case kindArray:
		out := make([]any, len(n.items))
		for i := range n.items {
			out[i] = plain(&n.items[i])
		}
		return out
	case kindObject:
		out := make(map[string]any, len(n.fields))
		for i := range n.fields {
			out[n.fields[i].key] = plain(&n.fields[i].val)
		}
		return out
	}
	return nil
}

func sameAsStandardLibrary(t *testing.T, src string) {
	t.Helper()
	n, err := parseJSON(src)
	if strings.ContainsRune(src, '\uFFFD') {
		return // the library also lets invalid UTF-8 pass as U+FFFD
	}
	dec := json.NewDecoder(strings.NewReader(src))
	dec.UseNumber()
	var want any
	wantErr := dec.Decode(&want)
	if valid := json.Valid([]byte(src)); valid != (err == nil) {
		if valid && strings.Count(src, "[")+strings.Count(src, "{") > maxJSONDepth {
			return
		}
		t.Fatalf("%q: got %v, the library says valid is %v", src, err, valid)
	}
	if err != nil {
		return
	}
	if wantErr != nil {
		t.Fatal(wantErr)
	}
	if got := plain(n); !reflect.DeepEqual(got, want) {
		t.Fatalf("%q: got %#v, want %#v", src, got, want)
	}
	if !json.Valid([]byte(src[n.off:n.end])) {
		t.Fatalf("%q: the range %d to %d is not the value", src, n.off, n.end)
	}
}

func jsonSamples() []string {
	return []string{
		`{}`, `[]`, `""`, `0`, `-0.5e+10`, `01`, `1.`, `.5`, `-`, `1e`, `tru`, `true`, `nulL`, `"\u3042\ud83d\ude00\ud83d"`, `"\ud83dx"`,
		`"\x"`, "\"\n\"", `"a`, `{"a":1,"a":2}`, `{"a":}`, `{"a" 1}`, `{a:1}`, `[1,]`, `[1 2]`, `{"a":[{"b":null}]} `, `{} {}`, ``,
		" \t\r\n[true,false]", `"\u12"`, `"\/\b\f\n\r\t\\\""`, `{"a":1,}`, `[,]`, "\u00a0[]",
	}
}

func TestParseJSONAgreesWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	for _, src := range jsonSamples() {
		sameAsStandardLibrary(t, src)
	}
	if _, err := parseJSON("\"\xff\""); err == nil {
		t.Error("invalid UTF-8: got no error")
	}
	if _, err := parseJSON(rep("[", 300) + rep("]", 300)); err == nil {
		t.Error("300 arrays deep: got no error")
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, src := range jsonSamples() {
		f.Add(src)
	}
	f.Fuzz(sameAsStandardLibrary)
}

func TestDigest(t *testing.T) {
	t.Parallel()
	seed := maphash.MakeSeed()
	sum := func(src string) uint64 {
		n, err := parseJSON(src)
		if err != nil {
			t.Fatal(err)
		}
		return n.digest(seed)
	}
	if sum(`{"a":1,"b":[true,"x"]}`) != sum(`{ "b" : [true, "\u0078"], "a":1 }`) {
		t.Error("the same value with other spacing and order: got two digests")
	}
	all := map[uint64]string{}
	for _, src := range []string{`{"a":1}`, `{"a":"1"}`, `{"b":1}`, `[1,2]`, `[2,1]`, `[[1],2]`, `[1,[2]]`, `null`, `{}`, `[]`, `""`, `{"a":{"b":1}}`, `{"a":1,"b":2}`, `{"a":2,"b":1}`} {
		if other, taken := all[sum(src)]; taken {
			t.Errorf("%s and %s: got one digest", src, other)
		}
		all[sum(src)] = src
	}
}

func TestGraphemeLen(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"": 0, "abc": 3, "立川市": 3, "が": 1, "か\u3099": 1, aFamily: 1, "👍🏽": 1, "🇯🇵🇯🇵": 2, "🇯": 1, "a\r\nb": 3, "e\u0301": 1,
		"각": 1, "\u1112\u1161\u11ab": 1, "1️⃣": 1, "❤️‍🔥": 1, "☺": 1, "ﾊﾟ": 1, "กำ": 1, "\u0600a": 1, "👩\u200d\u200d👩": 2,
	} {
		if got := graphemeLen(s); got != want {
			t.Errorf("%+q: got %d, want %d", s, got, want)
		}
	}
	if got := utf16Len("a立😀" + aFamily); got != 1+1+2+11 {
		t.Errorf("UTF-16 units: got %d, want 15", got)
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	m := &idMaker{seed: 1}
	token := m.replyToken()
	if len(token) != 32 || !m.issuedReplyToken(token) {
		t.Errorf("reply token %s: not recognised", token)
	}
	other := &idMaker{seed: 2}
	if other.issuedReplyToken(token) || m.issuedReplyToken("x") || m.issuedReplyToken(rep("0", 32)) {
		t.Error("a token of somebody else passed")
	}
	quote := m.seal("quote", 42, UserID(1))
	if id, chat, fine := m.unseal("quote", quote); !fine || id != 42 || chat != UserID(1) {
		t.Errorf("unseal: got %d %s %v", id, chat, fine)
	}
	if _, _, fine := m.unseal("read", quote); fine {
		t.Error("a quote token passed as a read token")
	}
	again := &idMaker{seed: 1}
	if again.replyToken() != token {
		t.Error("the same seed gave another token")
	}
	for s, want := range map[string]bool{keyA: true, keyB: true, "123e4567e89b12d3a456426614174000": false, keyA + "0": false, strings.Replace(keyA, "e", "g", 1): false} {
		if validUUID(s) != want {
			t.Errorf("validUUID(%s): got %v", s, !want)
		}
	}
}
