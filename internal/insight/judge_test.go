package insight

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestReadJudgement(t *testing.T) {
	t.Parallel()
	c := city()
	for text, want := range map[string]Judgement{
		"housing 全市 六つの圏域で 増えた": {Window: "housing", Scope: WholeCity, Why: "六つの圏域で 増えた"},
		"窓口legal 圏域":            {Window: "legal", Scope: OneArea},
		"food 様子を見る ":           {Window: "food", Scope: WaitAndSee},
	} {
		if got, err := ReadJudgement(text, c); err != nil || got != want {
			t.Errorf("%q: got %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "housing", "housing たぶん", "nowhere 全市", "窓口 全市", "全市 housing"} { // 窓口 is in all names
		if got, err := ReadJudgement(text, c); !errors.Is(err, ErrJudgement) {
			t.Errorf("%q: got %+v, %v; want no judgement", text, got, err)
		}
	}
	if got, err := ReadJudgement("food 圏域 "+strings.Repeat("長", 400), c); err != nil || len([]rune(got.Why)) != maxWhy+1 {
		t.Errorf("a long reason: %d characters, %v", len([]rune(got.Why)), err)
	}
	m := Month("2026-10")
	r := New(Options{Content: c, Period: Period{m, m}, Judged: []Judgement{{Month: m, Window: "housing", Scope: WholeCity, Why: "<b>増えた", At: m.begin().Add(800 * time.Hour)}}}, nil)
	if got := r.Decided(); len(got) != 1 || got[0] != "「窓口housing」は、全市と決まっています。（<b>増えた）" {
		t.Errorf("said: %q", got)
	}
	var page, data bytes.Buffer
	if err := errors.Join(r.Page(&page, nil), r.JSON(&data)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), "<td>全市</td><td>&lt;b&gt;増えた</td><td>2026年11月3日</td>") || !strings.Contains(data.String(), `"scope": "city"`) {
		t.Errorf("what was decided is not in the page or the data:\n%s", data.String())
	}
}
