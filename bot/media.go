package bot

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Sticker marks a sticker among the things heard; LINE holds no content to fetch.
const Sticker MediaKind = "sticker"

// sentMedia takes a photo, video, voice message or file: it is fetched before
// LINE deletes it, goes to staff when a case is open, and otherwise waits for
// the resident to say what it is about.
func (t *turn) sentMedia(e SentMedia) {
	more := t.moreMedia()
	t.s.hear(Heard{MessageID: e.MessageID, Media: e.Kind, Text: e.Name, At: t.sent()})
	if t.s.Case != nil && !t.s.Case.Aside {
		if !e.External {
			t.do(Fetch{MessageID: e.MessageID, Kind: e.Kind, Name: e.Name, Case: t.s.Case.ID})
		}
		t.passOn()
		return
	}
	if !e.External && !t.s.Quiet { // who may be watched leaves nothing here before they ask people
		t.do(Fetch{MessageID: e.MessageID, Kind: e.Kind, Name: e.Name})
	}
	if more {
		return // several photos come as several events; one answer is enough
	}
	t.say("media." + string(e.Kind))
	choices := []Choice{t.choice("choice.media.show", "human"), t.choice("choice.no", "no")}
	t.choices(choices...)
	t.askWith(AskMedia, choices)
}

// moreMedia reports whether the thing heard last was media too, just now.
func (t *turn) moreMedia() bool {
	n := len(t.s.Heard)
	return n > 0 && t.s.Heard[n-1].Media != "" && t.sent().Sub(t.s.Heard[n-1].At) < burst
}

// sad are LINE's keywords of stickers that show sorrow.
var sad = []string{"cry", "crying", "sad", "tears", "depressed", "sorrow", "lonely", "despair", "pain", "sick", "help"}

// sentSticker answers a sticker with a word, and asks once after a sad one.
func (t *turn) sentSticker(e SentSticker) {
	words := strings.Join(e.Keywords[:min(len(e.Keywords), 5)], ", ")
	if e.Text != "" {
		words = e.Text
	}
	if t.s.Case != nil && !t.s.Case.Aside {
		t.s.hear(Heard{MessageID: e.MessageID, Media: Sticker, Text: words, At: t.sent()})
		t.passOn()
		return
	}
	key := "sticker"
	for _, k := range e.Keywords {
		if slices.Contains(sad, strings.ToLower(k)) {
			key = "sticker.sad"
		}
	}
	t.say(key)
	t.choices(t.threeThings()...)
}

// sentPlace takes the town from a location and tells staff the place only
// when they have a case.
func (t *turn) sentPlace(e SentPlace) {
	town := t.understandText(e.Title + " " + e.Address).Town
	if town != "" {
		t.s.Town = town
	}
	t.s.hear(Heard{MessageID: e.MessageID, Text: strings.TrimSpace(e.Title + " " + e.Address), At: t.sent()})
	if t.s.Case != nil && !t.s.Case.Aside {
		t.passOn()
		return
	}
	if q := t.s.Question; q != nil && q.Kind == AskForm && town != "" {
		t.forgetLast()
		t.fillField(town)
		return
	}
	if town == "" {
		t.say("place.unknown")
	} else {
		t.say("place.known", "town", t.townName(town))
	}
	t.choices(t.threeThings()...)
}

func (t *turn) forgetLast() { t.s.Heard = t.s.Heard[:len(t.s.Heard)-1] }

// unsent forgets a message that was taken back: here, in the case, in Slack.
func (t *turn) unsent(e Unsent) {
	at := slices.IndexFunc(t.s.Heard, func(h Heard) bool { return h.MessageID == e.MessageID })
	text := ""
	if at >= 0 {
		text = t.s.Heard[at].Text
	}
	t.s.forget(e.MessageID)
	t.untaught()
	answered := t.unanswer(e.MessageID)
	if (at >= 0 || answered) && t.s.Draft != nil {
		if t.s.Draft.Role != "" && !t.s.Draft.Edited {
			t.s.Draft.Summary = t.application(t.s.Draft)
		} else if t.s.Draft.Form != "" { // its answers are all it has
			t.s.Draft.Summary = ""
		} else if t.s.Draft.Edited { // what they wrote for it goes, what they took out stays out
			t.s.Draft.Summary = Unsaid(t.s.Draft.Summary, text)
		} else {
			t.s.Draft.Summary = t.spoken()
		}
		if t.s.Draft.Summary == "" && t.s.Draft.Role == "" && t.s.Draft.Form == "" {
			t.s.Draft, t.s.Question = nil, nil
		}
	}
	t.do(Forget(e))
}

// Unsaid takes a message that was taken back out of words that were put
// together from messages: whole lines, however the message was trimmed, and the
// beginning of one where the words were cut.
func Unsaid(words, message string) string {
	lines, cut := strings.Split(words, "\n"), utf8.RuneCountInString(words) >= maxWords
	for said := range strings.SplitSeq(message, "\n") {
		said = strings.TrimSpace(said)
		lines = slices.DeleteFunc(lines, func(l string) bool { return strings.TrimSpace(l) == said })
		if n := len(lines) - 1; cut && n >= 0 && strings.HasPrefix(said, strings.TrimSpace(lines[n])) {
			lines = lines[:n]
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
