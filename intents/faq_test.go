package intents

import (
	"errors"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/encoding/japanese"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// packWith is the embedded pack with some files put in or replaced.
func packWith(t *testing.T, extra map[string]string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	err := fs.WalkDir(Embedded(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(Embedded(), path)
		all[path] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range extra {
		all[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return all
}

func TestEmbeddedFAQ(t *testing.T) {
	t.Parallel()
	p, problems, err := Load(Embedded())
	if err != nil {
		t.Fatal(err, problems)
	}
	heads := 0
	for _, r := range p.Content.Civic {
		heads += len(r.Say)
	}
	if heads < 1200 {
		t.Errorf("the civic lexicon has %d entries, want at least 1200", heads)
	}
	known := 0
	for _, q := range p.Content.FAQ {
		for _, l := range []bot.Lang{bot.Ja, bot.EasyJa, bot.En} {
			if q.Question[l] == "" || q.Answer[l] == "" || q.Source[l] == "" {
				t.Errorf("%s: %s lacks question, answer or source", q.ID, l)
			}
		}
		if p.Content.Window(q.Window) == nil {
			t.Errorf("%s: there is no window %q", q.ID, q.Window)
		}
		for text := range maps.Values(q.Answer) {
			if strings.Contains(text, "避難勧告") {
				t.Errorf("%s speaks of 避難勧告, which is no more", q.ID)
			}
		}
		if q.Known() {
			known++
		}
	}
	if len(p.Content.FAQ) < 78 || known < 60 {
		t.Errorf("%d entries, %d verified; want at least 78 and 60", len(p.Content.FAQ), known)
	}
}

// TestCityCSV reads a city's own files as they come.
func TestCityCSV(t *testing.T) {
	t.Parallel()
	sjis, err := japanese.ShiftJIS.NewEncoder().String("番号,大分類,中分類,質問,回答,出典,最終更新日\r\nA1,くらし,ごみ,粗大ごみの出し方は,電話で申し込んでください。,https://city.example/gomi,令和7年4月1日\r\n")
	if err != nil {
		t.Fatal(err)
	}
	p, problems, err := Load(packWith(t, map[string]string{
		"faq/gomi.csv": sjis,
		"faq/juumin.csv": "\ufeff質問,回答,分類,URL,更新日\n" +
			"転入届はいつまでですか,\"14日以内です。\n市民課へ。\",住民,https://city.example/1,2026/3/9\n" +
			"住民票は,窓口で。,住民,,\n",
	}))
	if err != nil {
		t.Fatal(err, problems)
	}
	got := make(map[string]bot.FAQ)
	for _, q := range p.Content.FAQ {
		got[q.ID] = q
	}
	if q := got["A1"]; q.Verified != "2025-04-01" || q.Tag != "くらし ごみ" || q.Answer[bot.Ja] != "電話で申し込んでください。" {
		t.Errorf("Shift_JIS: got %+v", q)
	}
	if q := got["faq/juumin:2"]; q.Verified != "2026-03-09" || !q.Known() || q.Answer[bot.Ja] != "14日以内です。\n市民課へ。" {
		t.Errorf("with BOM and a line break: got %+v", q)
	}
	if q := got["faq/juumin:4"]; q.Known() {
		t.Errorf("without a day: got %+v, want it unverified", q)
	}
	if p.Training != mustLoad(t).Training {
		t.Error("the FAQ changed what understanding is trained from")
	}
}

func mustLoad(t *testing.T) *Pack {
	t.Helper()
	p, problems, err := Load(Embedded())
	if err != nil {
		t.Fatal(err, problems)
	}
	return p
}

func TestBrokenCSV(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]struct {
		data, want string
		line       int
	}{
		"columns":   {"問題,解答\na,b\n", "no columns", 1},
		"day":       {"質問,回答,出典,更新日\na,b,c,先週\n", "is not a day", 2},
		"month":     {"質問,回答,出典,更新日\na,b,c,2026-13-01\n", "is not a day", 2},
		"no answer": {"質問,回答\na,b\nc,\n", "no answer", 3},
		"no source": {"質問,回答,更新日\na,b,2026-01-01\n", "without a source", 2},
		"twice":     {"id,質問,回答\n1,a,b\n1,c,d\n", "stands twice", 0},
	} {
		_, problems, err := Load(packWith(t, map[string]string{"faq/x.csv": at.data}))
		if !errors.Is(err, ErrBroken) || len(problems) != 1 || !strings.Contains(problems[0].Text, at.want) || problems[0].Line != at.line || problems[0].File != "faq/x.csv" {
			t.Errorf("%s: got %v, %v; want one problem on line %d with %q", name, problems, err, at.line, at.want)
		}
	}
}
