package understand_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// repositoryPack is the windows, towns, lexicon and cues of testdata/pack with
// the examples of the repository.
func repositoryPack() (understand.Pack, error) {
	var p understand.Pack
	var errs []error
	rows := func(name string) (out [][]string) {
		data, err := os.ReadFile("testdata/pack/" + name)
		errs = append(errs, err)
		for line := range strings.Lines(string(data)) {
			out = append(out, strings.Split(strings.TrimRight(line, "\n"), "\t"))
		}
		return out
	}
	for _, f := range rows("windows.tsv") {
		p.Windows = append(p.Windows, understand.WindowInfo{ID: f[0], Kind: f[1]})
	}
	for _, f := range rows("towns.tsv") {
		p.Towns = append(p.Towns, understand.Town{Name: f[0], Aliases: f[1:]})
	}
	var problems, more []understand.Problem
	lexicon, err := os.ReadFile("testdata/pack/lexicon.txt")
	errs = append(errs, err)
	p.Lexicon, problems = understand.ParseLexicon("lexicon.txt", lexicon)
	cues, err := os.ReadFile("testdata/pack/cues.txt")
	errs = append(errs, err)
	p.Cues, more = understand.ParseCues("cues.txt", cues)
	problems = append(problems, more...)
	files, err := filepath.Glob(exampleFiles())
	errs = append(errs, err)
	for _, name := range files {
		data, err := os.ReadFile(name)
		errs = append(errs, err)
		examples, more := understand.ParseExamples(name, data)
		p.Examples, problems = append(p.Examples, examples...), append(problems, more...)
	}
	for _, pr := range problems {
		errs = append(errs, fmt.Errorf("%s", pr))
	}
	return p, errors.Join(errs...)
}

func TestRepositoryPack(t *testing.T) {
	t.Parallel()
	p, err := repositoryPack()
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Windows) != 49 || len(p.Towns) != 16 || len(p.Lexicon) < 200 || len(p.Cues) < 200 {
		t.Errorf("got %d windows, %d towns, %d concepts, %d cues", len(p.Windows), len(p.Towns), len(p.Lexicon), len(p.Cues))
	}
}
