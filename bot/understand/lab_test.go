package understand_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// TestLab measures on files outside the repository: UNDERSTAND_EXAMPLES is a
// pattern of example files, UNDERSTAND_CASES a file of cases, UNDERSTAND_HELD a
// pattern of example files nothing is trained on.
func TestLab(t *testing.T) {
	examples, cases := os.Getenv("UNDERSTAND_EXAMPLES"), os.Getenv("UNDERSTAND_CASES")
	if examples == "" {
		t.Skip("UNDERSTAND_EXAMPLES is not set")
	}
	p, err := repositoryPack()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	m, err := understand.Train(p, understand.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d examples, trained in %v", len(p.Examples), time.Since(start))
	data := m.Encode()
	start = time.Now()
	m, err = understand.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, decoded in %v", len(data), time.Since(start))
	text, err := os.ReadFile(cases)
	if err != nil {
		t.Fatal(err)
	}
	set, err := understand.ParseCases(text)
	if err != nil {
		t.Fatal(err)
	}
	start = time.Now()
	r := understand.Eval(m, set)
	t.Logf("%v a message\n%s", time.Since(start)/time.Duration(len(set)), r.Table())
	if pattern := os.Getenv("UNDERSTAND_HELD"); pattern != "" {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		var held []understand.Example
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			examples, _ := understand.ParseExamples(name, data)
			held = append(held, examples...)
		}
		t.Logf("held out\n%s", understand.Eval(m, understand.CasesOf(held)).Table())
	}
}
