package plain

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// packLists reads the lists the pack keeps.
func packLists() (Config, error) {
	var c Config
	for name, into := range map[string]*[]byte{"hard-words.tsv": &c.HardWords, "words.tsv": &c.WordLists, "readings.tsv": &c.Readings, "kanji-grades.tsv": &c.Grades} {
		b, err := os.ReadFile(filepath.Join("..", "..", "intents", "plain", name))
		if err != nil {
			return c, err
		}
		*into = b
	}
	return c, nil
}

// opened is read once for all tests: the dictionary takes most of a second.
var opened = sync.OnceValues(func() (*Plain, error) {
	c, err := packLists()
	if err != nil {
		return nil, err
	}
	return New(c)
})

func open(t testing.TB) *Plain {
	t.Helper()
	p, err := opened()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestFurigana reads testdata/furigana.txt: one text a line as it should come
// out. The furigana is taken away and must come back the same; what has none
// there must have none.
func TestFurigana(t *testing.T) {
	t.Parallel()
	p := open(t)
	b, err := os.ReadFile(filepath.Join("testdata", "furigana.txt"))
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for i, line := range strings.Split(string(b), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cases++
		if got := p.Furigana(string(parse(line, p.numbers).raw)); got != line {
			t.Errorf("furigana.txt:%d: got %s, want %s", i+1, got, line)
		}
	}
	if cases < 150 {
		t.Errorf("%d cases, want at least 150", cases)
	}
}
