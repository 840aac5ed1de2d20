package plain

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzPlain: any bytes are read without a crash, in bounded time; ranges lie in
// the text; furigana added twice is furigana added once; taking the furigana
// away gives the text back.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"", "漢字（かんじ）", "（（（", "1日（", "4月20日に一人で行った。", "{name}分（{k}）", "\xff\xfe漢", "13:00〜16:30", "何\n何", "々々", "０〜９",
		"R8.5.1/2026/5/1(金)", strings.Repeat("漢", 300), strings.Repeat("申請して、", 80), "「『（", "ご記入ください。", "𠮷野家（よしのや）"} {
		f.Add(s)
	}
	p := open(f)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 20_000 {
			return
		}
		start := time.Now()
		check(t, p, s)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%d bytes took %v", len(s), took)
		}
	})
}

func check(t *testing.T, p *Plain, s string) {
	t.Helper()
	n := utf8.RuneCountInString(s)
	for _, o := range []Options{{}, {Where: Broadcast, Disaster: true, Original: s, Buttons: []string{}}, {Where: Ordinary}, {Kind: Button}} {
		r := p.Check(s, o)
		if r.Score < 0 || r.Score > 100 {
			t.Errorf("score %d", r.Score)
		}
		for _, f := range r.Findings {
			if f.Start < 0 || f.End < f.Start || f.End > n || f.Line < 1 || f.Column < 1 {
				t.Errorf("%+v lies outside %d runes", f, n)
			}
		}
	}
	once := p.Furigana(s)
	if twice := p.Furigana(once); twice != once {
		t.Errorf("furigana twice: got %.200q, want %.200q", twice, once)
	}
	if got, want := string(parse(once, p.numbers).raw), string(parse(s, p.numbers).raw); got != want {
		t.Errorf("without furigana: got %.200q, want %.200q", got, want)
	}
	p.Fix(s)
	p.ForReader(s)
	p.Hint(s)
	if html := p.Ruby(s); strings.ContainsAny(strings.NewReplacer("<ruby>", "", "</ruby>", "", "<rp>", "", "</rp>", "", "<rt>", "", "</rt>", "", "<br>", "").Replace(html), "<>") {
		t.Errorf("%.200q is not escaped: %.200s", s, html)
	}
}

// TestLong reads long texts of the worst shapes: the time grows with the
// length only.
func TestLong(t *testing.T) {
	t.Parallel()
	p := open(t)
	for _, s := range []string{strings.Repeat("漢", 2000), strings.Repeat("申請を（", 1000), strings.Repeat("10時", 1000), strings.Repeat("や", 2000),
		strings.Repeat("「", 2000), strings.Repeat("生活保護。", 500), strings.Repeat("民生委員", 500), strings.Repeat("カタカナ、", 500)} {
		start := time.Now()
		check(t, p, s)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%.10s…: %d bytes took %v", s, len(s), took)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	p := open(b)
	text := "お金（かね）の ことで こまって いますか。\nそうだんする ところが あります。\n電話（でんわ）：042-000-0000\n時間（じかん）：午前（ごぜん）9時（じ）から 午後（ごご）5時（じ）まで です。\nお金（かね）は いりません。"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		p.Check(text, Options{})
	}
}

func BenchmarkFurigana(b *testing.B) {
	p := open(b)
	text := "4月20日の午前10時に、市役所の2階の相談窓口へ来てください。一人で行くのが心配な人は、家族と一緒でもいいです。"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		p.Furigana(text)
	}
}

func BenchmarkFix(b *testing.B) {
	p := open(b)
	text := "申請書は令和8年5月1日の13:00〜16:30に、相談窓口に提出してください。"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		p.Fix(text)
	}
}
