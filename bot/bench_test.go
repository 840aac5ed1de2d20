package bot_test

import (
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// BenchmarkStep is one message of a resident, from words to effects: the part
// of a turn that is ours, without database and network.
func BenchmarkStep(b *testing.B) {
	core := embedded(b)
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	for name, text := range map[string]string{
		"standard": "母が最近物忘れがひどくて心配です", "hiragana": "おかねが なくて こまっています",
		"english": "I lost my job and cannot pay the rent", "romaji": "shigoto wo sagashite imasu",
		"danger": "もう死にたい", "button": "",
	} {
		b.Run(name, func(b *testing.B) {
			var event bot.Event = bot.Wrote{MessageID: "m", Text: text}
			if text == "" {
				event = bot.Tapped{Data: "windows"}
			}
			for b.Loop() {
				core.Step(bot.State{}, bot.Input{ID: "x", At: at, Event: event})
			}
		})
	}
}
