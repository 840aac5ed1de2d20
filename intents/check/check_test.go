package check_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/check"
)

var now = time.Date(2026, 11, 27, 12, 0, 0, 0, bot.Tokyo)

// small is the shipped pack with a few examples and words a file, so that
// many broken ones can be checked.
func small(t testing.TB) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(intents.Embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(intents.Embedded(), name)
		keep := map[bool]int{strings.HasPrefix(name, "examples/"): 8, name == "lexicon.yaml" || name == "cues.yaml": 8}[true]
		if lines := strings.SplitAfter(string(b), "\n"); keep > 0 && len(lines) > keep {
			b = []byte(strings.Join(lines[:keep], ""))
		}
		out[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// clone shares the files' bytes, which nobody changes.
func clone(m fstest.MapFS) fstest.MapFS {
	out := fstest.MapFS{}
	for name, f := range m {
		out[name] = f
	}
	return out
}

// TestShippedPackIsClean is the promise of every release.
func TestShippedPackIsClean(t *testing.T) {
	t.Parallel()
	began := time.Now()
	r := check.Pack(intents.Embedded(), check.Options{Now: time.Now(), Live: true})
	t.Logf("%d findings in %v", len(r.Findings), time.Since(began))
	who := map[string]int{}
	for _, f := range r.Findings {
		if f.Level == check.Error {
			t.Errorf("%s", f.Problem)
		}
		if f.Level == check.Live {
			who[f.Who]++
			if f.Who == "" || f.Mend == "" || f.File == "" {
				t.Errorf("a thing to confirm says not enough: %+v", f)
			}
		}
	}
	for _, w := range []string{check.City, check.Shakyo, check.Everyone, "the team rights", "a native speaker of Vietnamese"} {
		if who[w] == 0 {
			t.Errorf("nothing is to be asked %s", w)
		}
	}
}

// TestLines points at the very line.
func TestLines(t *testing.T) {
	t.Parallel()
	base := small(t)
	dir := clone(base)
	text := string(dir["windows/dv.yaml"].Data)
	dir["windows/dv.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(text, `value: "042-522-4232"`, `value: "1"`, 1))}
	want := 0
	for i, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "042-522-4232") {
			want = i + 1
		}
	}
	for _, f := range check.Pack(dir, check.Options{Now: now}).Findings {
		if f.Level == check.Error {
			if got := fmt.Sprintf("%s:%d", f.File, f.Line); got != fmt.Sprintf("windows/dv.yaml:%d", want) {
				t.Errorf("got %s, want windows/dv.yaml:%d", got, want)
			}
		}
	}
}

// TestRulesCannotBeTakenAway empties a pack's own rules: the shipped ones still
// count.
func TestRulesCannotBeTakenAway(t *testing.T) {
	t.Parallel()
	dir := small(t)
	dir["wording.yaml"] = &fstest.MapFile{Data: []byte("[]\n")}
	dir["windows/suicide.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(dir["windows/suicide.yaml"].Data), "話せます。", "話せます。がんばって。", 1))}
	if r := check.Pack(dir, check.Options{Now: now}); r.Errors() == 0 {
		t.Error("a pack without rules says がんばって about suicide, and nothing is found")
	}
}

// TestTimeAlone breaks nothing that a running service would refuse.
func TestTimeAlone(t *testing.T) {
	t.Parallel()
	dir := small(t)
	text := string(dir["city.yaml"].Data)
	dir["city.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(text, "  year_end:", "  except: {\"2026-12-28\": []}\n  year_end:", 1))}
	if r := check.Pack(dir, check.Options{Now: now}); r.Errors() > 0 {
		t.Errorf("before the day: %v", r.Findings)
	}
	r := check.Pack(dir, check.Options{Now: now.AddDate(0, 2, 0)})
	if r.Errors() != 1 || len(r.Refuse()) != 0 {
		t.Errorf("after the day: %d errors, %d to refuse the pack for; want 1 and 0", r.Errors(), len(r.Refuse()))
	}
}

// TestConfirmations lets a native speaker's word count until the text changes.
func TestConfirmations(t *testing.T) {
	t.Parallel()
	dir := small(t)
	asked := func() string {
		for _, f := range check.Pack(dir, check.Options{Now: now, Live: true}).Findings {
			if f.File == "windows/housing.yaml" && f.Who == "a native speaker of Vietnamese" {
				return f.Mend
			}
		}
		return ""
	}
	mend := asked()
	_, entry, ok := strings.Cut(mend, "add {")
	if !ok {
		t.Fatalf("nobody says what to add: %q", mend)
	}
	entry, _, _ = strings.Cut(entry, "}")
	entry = strings.NewReplacer("by: …", "by: 通訳", "on: …", `on: "2026-11-20"`).Replace(entry)
	dir["translations.yaml"] = &fstest.MapFile{Data: []byte("- {" + entry + "}\n")}
	if mend := asked(); mend != "" {
		t.Errorf("confirmed, and still asked: %s", mend)
	}
	text := string(dir["windows/housing.yaml"].Data)
	dir["windows/housing.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(text, "không có chỗ ngủ", "không có nơi ngủ", 1))}
	if asked() == "" {
		t.Error("the text changed after it was confirmed, and nobody is asked again")
	}
}

// TestMisses shows the ten worst examples of a window.
func TestMisses(t *testing.T) {
	t.Parallel()
	o := check.Options{Now: now}
	for i := range 13 {
		o.Misses = append(o.Misses, check.Miss{Example: understand.Example{Window: "housing", Text: "x", At: fmt.Sprintf("examples/housing.txt:%d", i+1)}, Got: "garbage", Score: float64(i) / 100})
	}
	var notes []check.Finding
	for _, f := range check.Pack(small(t), o).Findings {
		if f.Level == check.Note {
			notes = append(notes, f)
		}
	}
	if len(notes) != 10 || notes[len(notes)-1].Line != 13 || !strings.Contains(notes[len(notes)-1].Text, "13 of") {
		t.Errorf("got %d notes, the worst %v; want 10, and line 13 first among them", len(notes), notes)
	}
}

// TestDutyWithoutMail: it is said, but keeps no pack from being used; a pack
// without duty.yaml has the usual calls.
func TestDutyWithoutMail(t *testing.T) {
	t.Parallel()
	base := small(t)
	dir := clone(base)
	text := strings.Replace(string(base["duty.yaml"].Data), ", mail: true", "", 1)
	dir["duty.yaml"] = &fstest.MapFile{Data: []byte(text)}
	r := check.Pack(dir, check.Options{Now: now})
	said := slices.ContainsFunc(r.Findings, func(f check.Finding) bool {
		return f.File == "duty.yaml" && f.Level == check.Note && f.Line > 1 && strings.Contains(f.Text, "no level sends an e-mail")
	})
	if !said || r.Errors() > 0 {
		t.Errorf("got %v", r.Findings)
	}
	delete(dir, "duty.yaml")
	if r := check.Pack(dir, check.Options{Now: now}); r.Errors() > 0 {
		t.Errorf("without duty.yaml: %v", r.Findings)
	}
}
