package bot

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// phrases knows what short typed texts mean.
type phrases struct {
	means  map[string]string        // by phraseKey
	read   func(text string) string // nil: texts are compared as they are written
	sounds func() map[string]string // by soundKey
}

// maxPhrase is how long a text can be that is read as a phrase, in bytes.
const maxPhrase = 120

// newPhrases learns the pack's phrases. Their readings are worked out when the
// first text comes that is not among them as written.
func newPhrases(says []Saying, read func(string) string) *phrases {
	p := &phrases{means: map[string]string{}, read: read}
	for _, s := range says {
		for _, text := range s.Texts {
			p.means[phraseKey(text)] = s.Means
		}
	}
	p.sounds = sync.OnceValue(func() map[string]string {
		sounds := map[string]string{}
		if read == nil {
			return sounds
		}
		for _, s := range says {
			for _, text := range s.Texts {
				key := soundKey(read(text))
				if means, taken := sounds[key]; taken && means != s.Means {
					sounds[key] = "" // two meanings: none by its sound
				} else if key != "" {
					sounds[key] = s.Means
				}
			}
		}
		return sounds
	})
	return p
}

// meaning is what a text means as it is written.
func (p *phrases) meaning(text string) (verb, arg string, ok bool) {
	if len(text) > maxPhrase {
		return "", "", false
	}
	means, ok := p.means[phraseKey(text)]
	verb, arg, _ = strings.Cut(means, ":")
	return verb, arg, ok
}

// meant is what a text means as it is written or, failing that, as it is
// said: people write the same words with more or fewer kanji, in romaji, and
// なっています as なってます.
//
// A word that only begins to speak (「あの、…」) says nothing and is left out.
func (p *phrases) meant(text string) (verb, arg string, ok bool) {
	if verb, arg, ok = p.meaning(text); ok || len(text) > maxPhrase {
		return verb, arg, ok
	}
	if rest := withoutFillers(text); rest != text {
		text = rest
		if verb, arg, ok = p.meaning(text); ok {
			return verb, arg, ok
		}
	}
	if p.read == nil {
		return "", "", false
	}
	key := soundKey(p.read(text))
	if key == "" {
		return "", "", false
	}
	means := p.sounds()[key]
	verb, arg, _ = strings.Cut(means, ":")
	return verb, arg, means != ""
}

// fillers are the words with which people begin to speak. Longer ones stand
// before those they begin with.
var fillers = []string{
	"あのうー", "あのー", "あのう", "あのね", "あの", "すみませんが", "すみません", "すいませんが", "すいません", "えっとー", "えっと", "えーっと", "えーと", "ええっと", "ええと", "ねえねえ", "ねえ", "ねぇ",
	"excuse me", "请问一下", "请问", "請問", "저기요", "저기", "xin lỗi",
}

// withoutFillers takes the fillers at a text's beginning off. One that is all
// there is stays; a Latin one must end where a word does.
func withoutFillers(text string) string {
	rest := strings.ToLower(norm.NFKC.String(text))
	for range 3 { // 「あの、すみません、えっと…」
		rest = strings.TrimLeftFunc(rest, notWord)
		i := slices.IndexFunc(fillers, func(f string) bool {
			after, ok := strings.CutPrefix(rest, f)
			if !ok {
				return false
			}
			next, _ := utf8.DecodeRuneInString(after)
			return f[len(f)-1] > 'z' && f != "xin lỗi" || notWord(next)
		})
		if i < 0 {
			break
		}
		rest = rest[len(fillers[i]):]
	}
	rest = strings.TrimLeftFunc(rest, notWord)
	if phraseKey(rest) == "" || phraseKey(rest) == phraseKey(text) {
		return text
	}
	return rest
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }

// shortestSound is how many kana a reading must have to stand for its phrase:
// shorter words sound alike too often (はい, 灰).
const shortestSound = 5

// soundKey is how readings are compared, empty for one that is too short.
func soundKey(reading string) string {
	key := spoken.Replace(reading)
	if utf8.RuneCountInString(key) < shortestSound {
		return ""
	}
	return key
}

// spoken takes away what talk leaves out, and signs.
var spoken = strings.NewReplacer("|", "", "てい", "て", "でい", "で", "っ", "")
