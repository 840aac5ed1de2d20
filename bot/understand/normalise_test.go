package understand

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNormalise(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"half width", "ﾃﾞﾝｷﾀﾞｲ ﾊﾗｴﾅｲ", "デンキダイ ハラエナイ"},
		{"full width", "ＨＥＬＰ　ｍｅ", "help me"},
		{"stretched", "おなか空いたぁぁぁぁぁ〜〜〜〜!!!!", "おなか空いたぁぁー!"},
		{"spelt out", "た す け て", "たすけて"},
		{"spelt out inside", "もう し ん ど い です", "もう しんどい です"},
		{"phrases keep blanks", "きょう ごみ の ひ", "きょう ごみ の ひ"},
		{"emoji stay", "💸💸💸つらい", "💸つらい"},
		{"zalgo", "助̴̢͝け̷̛て̶̀", "助けて"},
		{"direction marks", "\u202eたすけて\u202c", "たすけて"},
		{"invalid UTF-8", "家賃\xff\xfeが", "家賃 が"},
		{"white space", " a\t\tb \r\n\n c ", "a b \nc"},
		{"nothing", "\u200b\u200d", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := normalise(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNormaliseReadsBothEndsOfLongTexts(t *testing.T) {
	t.Parallel()
	got := normalise("はじめ" + strings.Repeat("長い話で", 5000) + "おわり")
	if !strings.HasPrefix(got, "はじめ") || !strings.HasSuffix(got, "おわり") {
		t.Errorf("beginning or end is lost")
	}
	if n := utf8.RuneCountInString(got); n > headRunes+tailRunes+1 {
		t.Errorf("got %d runes, want %d at most", n, headRunes+tailRunes+1)
	}
}

func TestClauses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want []string
	}{
		{"夫が帰らない。電気も止まる", []string{"夫が帰らない。", "電気も止まる"}},
		{"母、父", []string{"母、父"}},
		{"先月から仕事がなくて、家賃もたまって", []string{"先月から仕事がなくて、", "家賃もたまって"}},
		{"I lost my job. rent is due!", []string{"i lost my job.", "rent is due!"}},
		{"困った。はい。", []string{"困った。 はい。"}},
	}
	for _, tt := range tests {
		got := clauses(normalise(tt.in))
		if strings.Join(got, "/") != strings.Join(tt.want, "/") {
			t.Errorf("clauses(%q): got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestRomaji(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"byouin ni ikitai", "びょういん に いきたい"},
		{"sigoto wo sagasiteimasu", "しごと を さがしています"},
		{"watashi ha tsukareta", "わたし は つかれた"},
		{"zenbu kottemasu, konbanha", "ぜんぶ こってます, こんばんは"},
		{"tōkyō", "とうきょう"},
		{"matcha kin'en shimbun", "まっちゃ きんえん しんぶん"},
	}
	for _, tt := range tests {
		if got := romajiText(tt.in, true); got != tt.want {
			t.Errorf("romajiText(%q): got %q, want %q", tt.in, got, tt.want)
		}
	}
	for _, w := range []string{"help", "landlord", "x", "straight"} {
		if kana, ok := romajiWord(w); ok {
			t.Errorf("romajiWord(%q): got %q, want none", w, kana)
		}
	}
}

func TestScript(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"家賃が払えません", scriptJapanese},
		{"国民健康保険", scriptJapanese},
		{"でんきが とまった", scriptKana},
		{"ガスガトマッタ", scriptKana},
		{"gasu ga tomarimashita", scriptRomaji},
		{"The gas was shut off", scriptEnglish},
		{"need help", scriptEnglish},
		{"孩子不去学校 怎么办", scriptChinese},
		{"我没有钱交房租", scriptChinese},
		{"월세를 못 내요", scriptKorean},
		{"Tôi bị mất việc, không có tiền", scriptVietnam},
		{"I need help with 住民票", scriptEnglish},
		// Japanese without kana.
		{"離婚相談", scriptJapanese},
		{"在留資格更新", scriptJapanese},
		{"整理番号不明", scriptJapanese},
		{"里親相談希望", scriptJapanese},
		{"精神的苦痛", scriptJapanese},
		{"要介護認定", scriptJapanese},
		{"娘、欠席。私、涙", scriptJapanese},
		// Chinese, also without a little word, in Taiwan's characters, with a Japanese word.
		{"房租付不起", scriptChinese},
		{"孩子發燒", scriptChinese},
		{"先生被裁員了", scriptChinese},
		{"家暴求助", scriptChinese},
		{"マイナンバーカード丢了", scriptChinese},
		{"wo mei you qian", scriptChinese},
		{"ni hao, wo bu zhidao zenme ban", scriptChinese},
		// Korean with words in Latin letters, or in nothing else.
		{"residence card 갱신", scriptKorean},
		{"visa 연장 하고 싶어요", scriptKorean},
		{"How do I say 감사합니다 in Japanese, please tell me", scriptEnglish},
		{"annyeonghaseyo", scriptKorean},
		{"doni eopseoyo", scriptKorean},
		// Vietnamese without its marks.
		{"Toi bi chu danh", scriptVietnam},
		{"hai ngay nay toi chua an gi", scriptVietnam},
		{"ko co nguoi bao lanh nen ko thue dc nha", scriptVietnam},
		{"cam on nhieu nhe", scriptVietnam},
		{"gia han visa o dau", scriptVietnam},
		{"phim ma hôm qua ghê quá", scriptVietnam},
		{"het tien roi", scriptVietnam},
		{"tenho fome, não tenho dinheiro", scriptEnglish},
		// Romaji whose words could be others' too.
		{"okane ga nai", scriptRomaji},
		{"ie ga nai", scriptRomaji},
		{"shi ni tai", scriptRomaji},
		{"hai", scriptRomaji},
		{"ohayo", scriptRomaji},
		{"mizu wa ok dayo ne", scriptRomaji},
		{"kodomo ga netsu desu", scriptRomaji},
		{"tsuma to ken ka shi te ie ni kae re na i", scriptRomaji},
		{"🐕?", scriptNone},
		{"", scriptNone},
	}
	for _, tt := range tests {
		if got := count(normalise(tt.in)).script(); got != tt.want {
			t.Errorf("script of %q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestSkeletonMeets(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"びょういん", "ひょいん"}, {"きゅうりょう", "きゅりょ"}, {"がっこう", "かこ"}, {"ボランティア", "ぼらんてぃあ"}, {"すながわちょう", "スナガワチョー"},
	} {
		if a, b := skeleton(pair[0]), skeleton(pair[1]); a != b {
			t.Errorf("skeletons of %q and %q differ: %q, %q", pair[0], pair[1], a, b)
		}
	}
	if skeleton("いえ") == skeleton("うえ") {
		t.Error("different words share a skeleton")
	}
}

func TestVietnameseSyllables(t *testing.T) {
	t.Parallel()
	for _, w := range []string{"nguoi", "duoc", "nghien", "gieng", "gi", "khuyet", "quyen", "uong", "xoay", "yeu"} {
		if !vietnameseSyllable(w) {
			t.Errorf("%q is no syllable, want one", w)
		}
	}
	for _, w := range []string{"", "okane", "tabeta", "street", "ie", "nie", "shujin", "th"} {
		if vietnameseSyllable(w) {
			t.Errorf("%q is a syllable, want none", w)
		}
	}
	for in, want := range map[string]string{"được": "duoc", "Đường": "Đuong", "plain": "plain", "nghỉ": "nghi"} {
		if got := foldMarks(in); got != want {
			t.Errorf("foldMarks(%q): got %q, want %q", in, got, want)
		}
	}
}

// TestOtherWordsInVietnamese: "me" and "ban" of a Vietnamese message are not
// the English words; "visa" is.
func TestOtherWordsInVietnamese(t *testing.T) {
	t.Parallel()
	a, err := newAnalyser()
	if err != nil {
		t.Fatal(err)
	}
	b := newConceptBook([]Concept{{ID: "person", Words: []string{"ban"}}, {ID: "visa", Words: []string{"visa"}}, {ID: "expire", Words: []string{"hết hạn"}}}, a)
	for text, want := range map[string][]int{"ban toi muon gia han visa": {1}, "visa het han roi": {1, 2}, "visa hết hạn rồi": {1, 2, 2}, "they ban my visa": {0, 1}} {
		msg := a.prepare(text)
		var got []int
		for i := range msg.clauses {
			b.each(&msg.clauses[i], func(id int) { got = append(got, id) })
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: concepts %v, want %v", text, got, want)
		}
	}
}

// TestCuesWithoutMarks: a Vietnamese cue is found however it is typed, unless
// it is so short that another word may be meant.
func TestCuesWithoutMarks(t *testing.T) {
	t.Parallel()
	a, err := newAnalyser()
	if err != nil {
		t.Fatal(err)
	}
	b := newCueBook([]Cue{{Kind: "suicide", Weight: CueSure, Pattern: "muốn chết"}, {Kind: "suicide", Weight: CueSure, Pattern: "tự tử"}}, a)
	for text, want := range map[string]bool{"tôi muốn chết": true, "toi muon chet": true, "tự tử": true, "an tu tu thoi": false} {
		msg := a.prepare(text)
		if got := b.flags(&msg).sure; got != want {
			t.Errorf("%q: sure %v, want %v", text, got, want)
		}
	}
}
