package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/internal/seal"
)

func newSeal(t testing.TB, keys ...[]byte) *seal.Seal {
	t.Helper()
	s, err := seal.New(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSeal(t *testing.T) {
	t.Parallel()
	s := newSeal(t, seal.NewKey())
	for _, words := range []string{"", "a", "母が最近物忘れがひどくて心配", strings.Repeat("長", 5000)} {
		sealed := s.Seal("entries.text:e-1", []byte(words))
		if len(words) >= 8 && bytes.Contains(sealed, []byte(words)) { // a single byte may stand there by chance
			t.Errorf("%.10q stands in its sealed value", words)
		}
		if got, want := len(sealed), len(words)+seal.Overhead; got != want {
			t.Errorf("%.10q: sealed length got %d, want %d", words, got, want)
		}
		opened, err := s.Open("entries.text:e-1", sealed)
		if err != nil || string(opened) != words {
			t.Errorf("%.10q: got %.10q, %v", words, opened, err)
		}
		if again := s.Seal("entries.text:e-1", []byte(words)); bytes.Equal(again, sealed) {
			t.Errorf("%.10q: sealed twice it looks the same", words)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	s := newSeal(t, seal.NewKey())
	const words = "だれにも言わないで"
	good := s.Seal("entries.text:e-1", []byte(words))
	refused := map[string]struct {
		place  string
		sealed []byte
	}{
		"another row":    {"entries.text:e-2", good},
		"another column": {"cases.content:e-1", good},
		"nothing":        {"entries.text:e-1", nil},
		"clear text":     {"entries.text:e-1", []byte(words)},
		"too short":      {"entries.text:e-1", good[:seal.Overhead-1]},
		"cut":            {"entries.text:e-1", good[:len(good)-1]},
		"longer":         {"entries.text:e-1", append(bytes.Clone(good), 0)},
	}
	for i := range good { // every single byte counts
		bent := bytes.Clone(good)
		bent[i] ^= 1
		if _, err := s.Open("entries.text:e-1", bent); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("byte %d bent: got %v, want %v", i, err, seal.ErrOpen)
		}
	}
	for name, x := range refused {
		_, err := s.Open(x.place, x.sealed)
		if !errors.Is(err, seal.ErrOpen) {
			t.Errorf("%s: got %v, want %v", name, err, seal.ErrOpen)
			continue
		}
		if strings.Contains(err.Error(), "e-1") || strings.Contains(err.Error(), words) {
			t.Errorf("%s: the error tells too much: %v", name, err)
		}
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	old, fresh := seal.NewKey(), seal.NewKey()
	before, during, after := newSeal(t, old), newSeal(t, fresh, old), newSeal(t, fresh)
	sealed := before.Seal("p:1", []byte("x"))
	if before.Stale(sealed) || !during.Stale(sealed) {
		t.Errorf("stale: got %v with its own key, %v with a newer one", before.Stale(sealed), during.Stale(sealed))
	}
	if got, err := during.Open("p:1", sealed); err != nil || string(got) != "x" {
		t.Errorf("old value with both keys: got %q, %v", got, err)
	}
	if _, err := after.Open("p:1", sealed); !errors.Is(err, seal.ErrKey) || !errors.Is(err, seal.ErrOpen) {
		t.Errorf("old value without its key: got %v, want %v", err, seal.ErrKey)
	}
	anew := during.Seal("p:1", []byte("x"))
	if got, err := after.Open("p:1", anew); err != nil || string(got) != "x" {
		t.Errorf("new value with the new key alone: got %q, %v", got, err)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	a, b := seal.NewKey(), seal.NewKey()
	keys, err := seal.ParseKeys(" " + seal.FormatKeys(a, b) + " ")
	if err != nil || len(keys) != 2 || !bytes.Equal(keys[0], a) || !bytes.Equal(keys[1], b) {
		t.Errorf("parse what was formatted: got %d keys, %v", len(keys), err)
	}
	short := base64.StdEncoding.EncodeToString(a[:16])
	for _, bad := range []string{"", ",", "not base64!", short, seal.FormatKeys(a) + ",", seal.FormatKeys(a) + "," + short} {
		_, err := seal.ParseKeys(bad)
		if err == nil {
			t.Errorf("parse %q: got no error", bad)
		} else if key := strings.Trim(bad, ","); key != "" && strings.Contains(err.Error(), key) {
			t.Errorf("the error tells the key: %v", err)
		}
	}
	for name, keys := range map[string][][]byte{"none": nil, "short": {a[:31]}, "twice": {a, a}, "second short": {a, b[:1]}} {
		if _, err := seal.New(keys...); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func FuzzOpen(f *testing.F) {
	s := newSeal(f, seal.NewKey())
	f.Add([]byte{})
	f.Add(s.Seal("other:1", []byte("x")))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if got, err := s.Open("p:1", sealed); err == nil {
			t.Errorf("opened %x as %x", sealed, got)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	s := newSeal(b, seal.NewKey())
	words := []byte(strings.Repeat("母", 100))
	b.SetBytes(int64(len(words)))
	for b.Loop() {
		s.Seal("entries.text:e-1", words)
	}
}

func BenchmarkOpen(b *testing.B) {
	s := newSeal(b, seal.NewKey())
	sealed := s.Seal("entries.text:e-1", []byte(strings.Repeat("母", 100)))
	b.SetBytes(int64(len(sealed)))
	for b.Loop() {
		if _, err := s.Open("entries.text:e-1", sealed); err != nil {
			b.Fatal(err)
		}
	}
}
