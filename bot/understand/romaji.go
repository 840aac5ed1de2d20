package understand

import (
	"strings"
	"unicode/utf8"
)

// romajiKana is every spelling of one mora that residents use, Hepburn and
// kunrei and what lies between ("tya", "jya", "dhi").
const romajiKana = `a あ i い u う e え o お
ka か ki き ku く ke け ko こ kya きゃ kyu きゅ kyo きょ ca か cu く co こ qu く
ga が gi ぎ gu ぐ ge げ go ご gya ぎゃ gyu ぎゅ gyo ぎょ
sa さ si し shi し su す se せ so そ sya しゃ syu しゅ syo しょ sha しゃ shu しゅ sho しょ she しぇ
za ざ zi じ ji じ zu ず ze ぜ zo ぞ zya じゃ zyu じゅ zyo じょ ja じゃ ju じゅ jo じょ je じぇ jya じゃ jyu じゅ jyo じょ
ta た ti ち chi ち tu つ tsu つ te て to と tya ちゃ tyu ちゅ tyo ちょ cha ちゃ chu ちゅ cho ちょ che ちぇ cya ちゃ cyu ちゅ cyo ちょ
da だ di ぢ du づ dzu づ de で do ど dya ぢゃ dyu ぢゅ dyo ぢょ thi てぃ dhi でぃ
na な ni に nu ぬ ne ね no の nya にゃ nyu にゅ nyo にょ
ha は hi ひ hu ふ fu ふ he へ ho ほ hya ひゃ hyu ひゅ hyo ひょ fa ふぁ fi ふぃ fe ふぇ fo ふぉ
ba ば bi び bu ぶ be べ bo ぼ bya びゃ byu びゅ byo びょ
pa ぱ pi ぴ pu ぷ pe ぺ po ぽ pya ぴゃ pyu ぴゅ pyo ぴょ
ma ま mi み mu む me め mo も mya みゃ myu みゅ myo みょ
ya や yu ゆ yo よ
ra ら ri り ru る re れ ro ろ rya りゃ ryu りゅ ryo りょ la ら li り lu る le れ lo ろ
wa わ wi うぃ we うぇ wo を va ば vi び vu ぶ ve べ vo ぼ`

var romajiTable = func() map[string]string {
	t := make(map[string]string)
	f := strings.Fields(romajiKana)
	for i := 0; i+1 < len(f); i += 2 {
		t[f[i]] = f[i+1]
	}
	return t
}()

// romajiWord converts one lower-case word in Latin letters to hiragana. It
// reports false when the word cannot be Japanese.
func romajiWord(w string) (string, bool) {
	if strings.IndexFunc(w, func(r rune) bool { return r >= 0x80 }) >= 0 {
		w = macrons.Replace(w)
	}
	var b strings.Builder
	b.Grow(len(w) * 2)
	for i := 0; i < len(w); {
		c := w[i]
		switch {
		case c == '\'' || c == '-':
			if i == 0 || i == len(w)-1 {
				return "", false
			}
			i++
			continue
		case c < 'a' || c > 'z':
			return "", false
		}
		if n := moraAt(w[i:], &b); n > 0 {
			i += n
			continue
		}
		rest := w[i+1:]
		switch {
		case c == 'n': // also "nn" and "n'"
			b.WriteString("ん")
			i++
			if rest != "" && rest[0] == 'n' && (len(rest) == 1 || !isVowelByte(rest[1])) && (len(rest) < 2 || rest[1] != 'y') {
				i++
			}
		case c == 'm' && rest != "" && strings.IndexByte("bpm", rest[0]) >= 0:
			b.WriteString("ん")
			i++
		case rest != "" && rest[0] == c && !isVowelByte(c), c == 't' && strings.HasPrefix(rest, "ch"):
			b.WriteString("っ")
			i++
		case c == 'h' && i > 0 && w[i-1] == 'o': // "ohkubo", "satoh"
			b.WriteString("う")
			i++
		default:
			return "", false
		}
	}
	return b.String(), b.Len() > 0
}

// moraAt writes the kana of the longest mora s begins with and returns how
// many bytes of s it took.
func moraAt(s string, b *strings.Builder) int {
	for n := min(3, len(s)); n > 0; n-- {
		if kana, ok := romajiTable[s[:n]]; ok {
			b.WriteString(kana)
			return n
		}
	}
	return 0
}

func isVowelByte(c byte) bool { return strings.IndexByte("aiueo", c) >= 0 }

var macrons = strings.NewReplacer("ā", "aa", "ī", "ii", "ū", "uu", "ē", "ei", "ō", "ou", "â", "aa", "î", "ii", "û", "uu", "ê", "ei", "ô", "ou")

// romajiParticles are spelt as they sound or as they are written.
var romajiParticles = map[string]string{"wa": "は", "ha": "は", "o": "を", "wo": "を", "e": "へ", "he": "へ"}

// romajiText converts words in Latin letters that read as Japanese and are
// not English; everything else stays. all says that the whole message is
// romaji, so that words which are also English ("to", "no", "made") count as
// Japanese.
func romajiText(s string, all bool) string {
	var b strings.Builder
	b.Grow(len(s) * 2)
	for i := 0; i < len(s); {
		j := latinEnd(s, i)
		if j == i {
			_, n := utf8.DecodeRuneInString(s[i:])
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		w := s[i:j]
		i = j
		if kana, ok := romajiParticles[w]; ok && all {
			b.WriteString(kana)
		} else if kana, ok := romajiWord(w); ok && (all || !englishWord(w) && len(w) > 2) {
			b.WriteString(kana)
		} else {
			b.WriteString(w)
		}
	}
	return b.String()
}

// latinEnd is where the word in Latin letters that begins at i ends; i when
// none begins there. Apostrophes and hyphens inside belong to the word.
func latinEnd(s string, i int) int {
	start, end := i, i
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if isLatin(r) {
			i += n
			end = i
			continue
		}
		if (r == '\'' || r == '-') && i > start {
			i += n
			continue
		}
		break
	}
	return end
}
