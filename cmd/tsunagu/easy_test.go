package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEasy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := filepath.Join(dir, "good.txt")
	if err := os.WriteFile(good, []byte("お金（かね）は いりません。\n電話（でんわ）：042-000-0000\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		in   string
		args []string
		code int
		out  []string // stdout has these
		errs []string // stderr has these
	}{
		{"good file", "", []string{good}, exitOK, []string{"100点", "エラー 0"}, nil},
		{"bad text", "速やかに 避難して ください。", nil, exitFailed, []string{"-:1:1: R12 エラー 「速やかに」", "はやく", "R15", "点（100点まで）: 1文"}, nil},
		{"second line", "お金は いりません。\n受付は １３:00です。", nil, exitFailed, []string{"-:2:5: R17", "-:1:2: R15"}, nil},
		{"warnings are fine", "しばらく 待って ください。", []string{"--where", "ja"}, exitOK, []string{"100点"}, nil},
		{"ordinary Japanese", "あなたは うつ病です。", []string{"--where", "ja"}, exitOK, []string{"R32 注意"}, nil},
		{"fix", "申請書を提出してください。", []string{"--fix"}, exitOK, []string{"申（もう）し込（こ）む 紙（かみ）を 出（だ）して ください。\n"}, []string{"100点"}},
		{"fix what can be", "辛いです。", []string{"--fix"}, exitFailed, []string{"辛いです。\n"}, []string{"R15", "つらいか からい"}},
		{"fix all", "受付は 13:00〜16:30です。", []string{"--fix"}, exitFailed, []string{"午後（ごご）1時（じ）から 午後（ごご）4時（じ）30分（ぷん）まで です。"}, []string{"エラー 1"}},
		{"disaster", "津波（つなみ）が 来（き）ます。", []string{"--disaster"}, exitFailed, []string{"R31"}, nil},
		{"no such file", "", []string{filepath.Join(dir, "none")}, exitUsage, nil, []string{"none"}},
		{"empty", " \n", nil, exitUsage, nil, []string{"empty"}},
		{"two files", "", []string{good, good}, exitUsage, nil, []string{"one FILE"}},
		{"wrong place", "あ", []string{"--where", "moon"}, exitUsage, nil, []string{"moon"}},
		{"not UTF-8", "\x8e\xd2\x8f\xaa", nil, exitUsage, nil, []string{"UTF-8"}},
		{"too long", strings.Repeat("あ", maxEasy/3+1), nil, exitUsage, nil, []string{"longer than"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			code, out, errs := cli(t, nil, c.in, append([]string{"easy"}, c.args...)...)
			if code != c.code {
				t.Errorf("code %d, want %d\n%s%s", code, c.code, out, errs)
			}
			for _, w := range c.out {
				if !strings.Contains(out, w) {
					t.Errorf("standard output %q, want %q in it", out, w)
				}
			}
			for _, w := range c.errs {
				if !strings.Contains(errs, w) {
					t.Errorf("standard error %q, want %q in it", errs, w)
				}
			}
		})
	}
}

func TestEasyJSON(t *testing.T) {
	t.Parallel()
	code, out, errs := cli(t, nil, "電話は ０４２です。", "easy", "--json", "--fix")
	var a struct {
		File     string
		Score    int
		Errors   int
		Fixed    string
		Findings []struct {
			Rule, Severity, Words, What, Suggestion string
			Line, Column, Start, End                int
		}
	}
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatalf("%v in %s%s", err, out, errs)
	}
	if code != exitOK || a.Errors != 0 || a.Score != 100 || a.Fixed != "電話（でんわ）は 042です。" || a.File != "-" {
		t.Errorf("mended: code %d, %+v", code, a)
	}
	code, out, _ = cli(t, nil, "電話は ０４２です。", "easy", "--json")
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatal(err)
	}
	if code != exitFailed || a.Errors != 2 || len(a.Findings) != 2 || a.Findings[1].Rule != "R17" || a.Findings[1].Severity != "error" ||
		a.Findings[1].Column != 5 || a.Findings[1].Start != 4 || a.Findings[1].End != 7 || a.Findings[1].Suggestion != "042" {
		t.Errorf("as it was: code %d, %+v", code, a)
	}
}
