package understand

import "github.com/kljensen/snowball/english"

// Text is a message brought into the one form everything reads, for packages
// that search texts rather than sort them into windows.
type Text struct {
	Norm   string // normalised, as written
	Kana   string // the same with romaji turned into hiragana
	Script string // ja, kana, romaji, en, zh, ko, vi, "" for signs only
}

// ReadText normalises any bytes. Of a text longer than a LINE message the
// beginning and the end are kept.
func ReadText(raw string) Text {
	t := Text{Norm: normalise(raw)}
	t.Kana = t.Norm
	c := count(t.Norm)
	t.Script = c.script()
	if c.romaji > 0 && (t.Script == scriptRomaji || t.Script == scriptJapanese || t.Script == scriptKana) {
		t.Kana = romajiText(t.Norm, t.Script == scriptRomaji)
	}
	return t
}

// Hiragana folds katakana to hiragana; other characters stay.
func Hiragana(s string) string { return hiragana(s) }

// Skeleton is what is left of a kana word without the things learners spell
// differently: long vowels, っ, small kana, voicing.
func Skeleton(kana string) string { return skeleton(kana) }

// Stem is the snowball stem of one lower-case English word.
func Stem(word string) string { return english.Stem(word, true) }
