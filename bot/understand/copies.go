package understand

import (
	"math/rand/v2"
	"strings"
)

// copyOf writes a message again as another hand would: shape 0 in hiragana
// with blanks between phrases, or as a learner does without particles, by
// turns. "" means the copy would be the message itself.
func (m *Model) copyOf(msg *message, seed uint64, shape int) string {
	if msg.script != scriptJapanese {
		return ""
	}
	rng := rand.New(rand.NewPCG(seed, 0x636f7079)) //nolint:gosec // must be reproducible
	learner := (seed+uint64(shape))%3 == 0
	gaps := rng.IntN(2) == 0
	var b strings.Builder
	for i := range msg.clauses {
		for _, w := range msg.clauses[i].words {
			switch {
			case learner && w.particle && rng.IntN(10) < 7:
				if gaps {
					b.WriteByte(' ')
				}
				continue
			case learner && rng.IntN(10) < 7:
				if gaps && w.content {
					b.WriteByte(' ')
				}
				b.WriteString(w.surface)
			default:
				if gaps && w.content {
					b.WriteByte(' ')
				}
				b.WriteString(w.kana)
			}
		}
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}
