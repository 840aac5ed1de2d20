package plain

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// packLists reads the lists the pack keeps.
func packLists(t testing.TB) Config {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("..", "..", "intents", "plain", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	return Config{HardWords: read("hard-words.tsv"), WordLists: read("words.tsv"), Readings: read("readings.tsv"), Grades: read("kanji-grades.tsv")}
}

var opened = sync.OnceValues(func() (*Plain, error) { return New(shared) })
var shared Config

func open(t testing.TB) *Plain {
	t.Helper()
	once.Do(func() { shared = packLists(t) })
	p, err := opened()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var once sync.Once

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
