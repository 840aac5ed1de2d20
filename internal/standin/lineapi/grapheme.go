package lineapi

import (
	"unicode"
	"unicode/utf8"
)

// utf16Len counts as LINE counts texts: in UTF-16 code units.
// https://developers.line.biz/en/docs/messaging-api/text-character-count/
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}

// graphemeLen counts as LINE counts labels, template texts and the texts of
// actions: in grapheme clusters, what a reader takes for one character
// (https://www.unicode.org/reports/tr29/, extended clusters without the
// conjunct rule GB9c of the Indic scripts).
func graphemeLen(s string) int {
	n := 0
	var prev breakClass
	flags := 0       // regional indicators in a row
	emoji := false   // a pictograph, perhaps with marks, stands before
	joining := false // … and a zero-width joiner after it
	for i := 0; i < len(s); {
		if c := s[i]; c < 0x7F && c >= 0x20 { // most labels never leave this branch or the last one
			if prev != classPrepend {
				n++
			}
			prev, flags, emoji, joining = classOther, 0, false, false
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		class := classify(r)
		if boundary(prev, class, flags, joining) {
			n++
		}
		switch class {
		case classFlag:
			flags++
		default:
			flags = 0
		}
		switch class {
		case classEmoji:
			emoji, joining = true, false
		case classExtend:
			joining = false
		case classJoiner:
			emoji, joining = false, emoji
		default:
			emoji, joining = false, false
		}
		prev = class
	}
	return n
}

type breakClass uint8

const (
	classStart breakClass = iota
	classOther
	classCR
	classLF
	classControl
	classExtend
	classJoiner
	classFlag
	classPrepend
	classSpacing
	classEmoji
	classL
	classV
	classT
	classLV
	classLVT
)

// boundary decides rules GB1 to GB999 between two neighbours.
func boundary(prev, next breakClass, flags int, joining bool) bool {
	switch {
	case prev == classStart:
		return true
	case prev == classCR && next == classLF:
		return false
	case prev == classCR, prev == classLF, prev == classControl,
		next == classCR, next == classLF, next == classControl:
		return true
	case prev == classL && (next == classL || next == classV || next == classLV || next == classLVT),
		(prev == classLV || prev == classV) && (next == classV || next == classT),
		(prev == classLVT || prev == classT) && next == classT:
		return false
	case next == classExtend, next == classJoiner, next == classSpacing, prev == classPrepend:
		return false
	case joining && next == classEmoji:
		return false
	case prev == classFlag && next == classFlag:
		return flags%2 == 0
	}
	return true
}

func classify(r rune) breakClass {
	switch {
	case r == '\r':
		return classCR
	case r == '\n':
		return classLF
	case r < 0x20 || r >= 0x7F && r < 0xA0:
		return classControl
	case r >= 0x3041 && r <= 0x3096, r >= 0x30A0 && r <= 0x30FF, r >= 0x4E00 && r <= 0x9FFF, r < 0xA9:
		return classOther // kana and kanji: by far the most frequent here
	case r >= 0x1F3FB && r <= 0x1F3FF: // skin tones
		return classExtend
	case r >= 0x1F1E6 && r <= 0x1F1FF:
		return classFlag
	case r == 0x200D:
		return classJoiner
	case r == 0x200C, unicode.In(r, unicode.Mn, unicode.Me, unicode.Other_Grapheme_Extend):
		return classExtend
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r), prepends(r):
		return classPrepend
	case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp), r >= 0xFFF0 && r <= 0xFFF8:
		return classControl
	case r == 0x0E33, r == 0x0EB3, unicode.Is(unicode.Mc, r) && !standsAlone(r):
		return classSpacing
	case unicode.Is(pictographic, r):
		return classEmoji
	}
	return hangul(r)
}

func hangul(r rune) breakClass {
	switch {
	case r >= 0x1100 && r <= 0x115F, r >= 0xA960 && r <= 0xA97C:
		return classL
	case r >= 0x1160 && r <= 0x11A7, r >= 0xD7B0 && r <= 0xD7C6:
		return classV
	case r >= 0x11A8 && r <= 0x11FF, r >= 0xD7CB && r <= 0xD7FB:
		return classT
	case r >= 0xAC00 && r <= 0xD7A3:
		if (r-0xAC00)%28 == 0 {
			return classLV
		}
		return classLVT
	}
	return classOther
}

// prepends lists the Indic letters of the class Prepend.
func prepends(r rune) bool {
	switch r {
	case 0x0D4E, 0x111C2, 0x111C3, 0x1193F, 0x11941, 0x11A3A, 0x11D46, 0x11F02:
		return true
	}
	return r >= 0x11A84 && r <= 0x11A89
}

// standsAlone lists the spacing marks, most of them Burmese, that do not join
// the letter before them.
func standsAlone(r rune) bool {
	switch r {
	case 0x102B, 0x102C, 0x1038, 0x1083, 0x108F, 0x1A61, 0x1A63, 0x1A64, 0xAA7B, 0xAA7D, 0x11720, 0x11721:
		return true
	}
	return r >= 0x1062 && r <= 0x1064 || r >= 0x1067 && r <= 0x106D ||
		r >= 0x1087 && r <= 0x108C || r >= 0x109A && r <= 0x109C
}
