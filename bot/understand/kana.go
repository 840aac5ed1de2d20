package understand

import "strings"

// hiragana folds katakana to hiragana; other runes stay.
func hiragana(s string) string {
	return strings.Map(foldKana, s)
}

func foldKana(r rune) rune {
	if r >= 0x30a1 && r <= 0x30f6 {
		return r - 0x60
	}
	return r
}

// skeleton is what is left of a kana word when the things learners and small
// children spell differently are taken away: long vowels, っ, small kana,
// voicing. "びょういん", "びよいん" and "ひょいん" meet.
func skeleton(kana string) string {
	var b strings.Builder
	b.Grow(len(kana))
	var prev rune
	for _, r := range kana {
		r = foldKana(r)
		switch r {
		case 'ー', 'っ', ' ':
			continue
		}
		r = bare(r)
		v := vowel(prev)
		// おう, おお, うう, えい, ああ, いい: the second is the length.
		if (r == 'う' && (v == 'o' || v == 'u')) || (r == 'お' && v == 'o') || (r == 'い' && (v == 'e' || v == 'i')) ||
			(r == 'え' && v == 'e') || (r == 'あ' && v == 'a') {
			continue
		}
		b.WriteRune(r)
		prev = r
	}
	return b.String()
}

const (
	voiced   = "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽゔぁぃぅぇぉゃゅょゎづを"
	unvoiced = "かきくけこさしすせそたちつてとはひふへほはひふへほうあいうえおやゆよわつお"
)

// bare takes voicing and smallness from one hiragana.
func bare(r rune) rune {
	if r < 0x3041 || r > 0x3096 {
		return r
	}
	return bareTable[r-0x3041]
}

var bareTable = func() (t [0x56]rune) {
	for i := range t {
		t[i] = rune(0x3041 + i)
	}
	to := []rune(unvoiced)
	for i, r := range []rune(voiced) {
		t[r-0x3041] = to[i]
	}
	return t
}()

const (
	rowA = "あかさたなはまやらわがざだばぱぁゃゎ"
	rowI = "いきしちにひみりぎじぢびぴぃ"
	rowU = "うくすつぬふむゆるぐずづぶぷぅゅっゔ"
	rowE = "えけせてねへめれげぜでべぺぇ"
	rowO = "おこそとのほもよろをごぞどぼぽぉょ"
)

// vowel is the vowel a hiragana ends in, 0 for anything else.
func vowel(r rune) byte {
	if r < 0x3041 || r > 0x3096 {
		return 0
	}
	return vowelTable[r-0x3041]
}

var vowelTable = func() (t [0x56]byte) {
	for i, row := range []string{rowA, rowI, rowU, rowE, rowO} {
		for _, r := range row {
			t[r-0x3041] = "aiueo"[i]
		}
	}
	return t
}()
