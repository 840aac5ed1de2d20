package plain

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func rulesOf(r Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Rule)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestPairs holds the checker to the pairs of bad and good sentences: the bad
// one is flagged by its rule, the good one is not.
func TestPairs(t *testing.T) {
	t.Parallel()
	p := open(t)
	b, err := os.ReadFile(filepath.Join("testdata", "easy-japanese-tests.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		cols := strings.Split(strings.TrimSpace(line), "\t")
		n++
		for i, want := range []bool{true, false} {
			if got := rulesOf(p.Check(cols[i+1], Options{})); slices.Contains(got, cols[0]) != want {
				t.Errorf("%s: %s: got %v, want %s there: %v", cols[0], cols[i+1], got, cols[0], want)
			}
		}
	}
	if n != 15 {
		t.Errorf("%d pairs, want 15", n)
	}
}
