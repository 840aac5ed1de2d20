package understand_test

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	m := model(t)
	for text, want := range map[string]string{
		"家賃が払えません":            "家賃が払えません",
		"田中と申します。夫の鈴木一郎が暴れます": "〔名前〕と申します。夫の〔名前〕が暴れます",
		"電話は090-1234-5678です":  "電話は〔電話〕です",
		"０９０１２３４５６７８に電話して":    "〔電話〕に電話して",
		"042(529)8300":                       "〔電話〕",
		"メールはtaro.y@example.jpへ":             "メールは〔メール〕へ",
		"柏町3丁目12番地5号に住んでいます":                 "柏町〔番地〕に住んでいます",
		"幸町2-14-3のコーポ203号室です":                "幸町〔番地〕のコーポ〔番地〕です",
		"昭和18年3月4日生まれの母":                     "〔日付〕生まれの母",
		"口座は1234567です":                       "口座は〔番号〕です",
		"https://example.com/a?b=c を見た":      "〔リンク〕 を見た",
		"My name is John Smith, rent is due": "〔名前〕, rent is due",
		"お母さんが転びました。お医者さんに行くべき？":             "お母さんが転びました。お医者さんに行くべき?",
		"5月3日の3時に2階で":                        "5月3日の3時に2階で",
	} {
		if got := m.Redact(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestRedactIsBounded(t *testing.T) {
	t.Parallel()
	m := model(t)
	for _, piece := range []string{"田中さん", "1-", "a@", "〔", "\xff", "0", "柏町3丁目"} {
		if got := m.Redact(strings.Repeat(piece, 3000)); len(got) > 200_000 {
			t.Errorf("%q repeated grew to %d bytes", piece, len(got))
		}
	}
}
