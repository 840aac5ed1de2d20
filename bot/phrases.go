package bot

import (
	"strings"
	"sync"
	"unicode/utf8"
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
func (p *phrases) meant(text string) (verb, arg string, ok bool) {
	if verb, arg, ok = p.meaning(text); ok || p.read == nil || len(text) > maxPhrase {
		return verb, arg, ok
	}
	key := soundKey(p.read(text))
	if key == "" {
		return "", "", false
	}
	means := p.sounds()[key]
	verb, arg, _ = strings.Cut(means, ":")
	return verb, arg, means != ""
}

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
