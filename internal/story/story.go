// Package story reads conversations that a social worker can read and edit
// (bot/testdata/stories/*.txt), and plays them: against the core alone
// (Core), and by others over the wire. It is used by tests only.
//
// A story is a title and steps, a line each:
//
//	# what it is about                      title, on the first line
//	@ 2026-11-24 10:00                      the time; @ +8h moves on
//	> 母が最近…                               the resident writes
//	> [tap はい]  [photo]  [voice]  [video]  [file a.pdf]  [sticker cry]
//	> [place 柏町3]  [unsend 2]  [follow]  [unblock]  [block]  [group]
//	< …                                     the phone shows a bubble
//	< [photo]                               or a picture
//	? はい ／ いいえ                           quick answers under the last bubble
//	! case elder-care                       staff see a new case (danger KIND, doubt KIND)
//	! words …   ! media image   ! note left   ! unsent   ! told taken
//	! returned by 鈴木                        who asked them to take a case hears that they cannot now
//	! reminded 田中                           a private word asks a staff member to talk about a case in danger
//	! lesson WINDOW …                       staff see words the bot may learn
//	= 田中 takes                             staff: takes, releases, replies …, moves WINDOW …, closes, chats …,
//	                                        teaches, declines (the newest lesson)
//	~ redelivered   ~ Redis is flushed   ~ …   something happens to the machines
//	~ Slack is away   ~ Slack is back          nothing reaches it, for longer than a hiccup; "!" lines of
//	                                        the time between follow when it is back
//
// Lines of the resident, or of staff, that follow each other without an empty
// line happen at once. "\n" inside a line is a line break.
package story

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Story is one conversation.
type Story struct {
	Name  string
	Title []string // comment lines at the top
	Steps []Step
}

// Step is what happens, and then what is seen.
type Step struct {
	Line   int
	Acts   []string // lines beginning with @ > = ~ that belong together
	Expect []string // lines beginning with < ? !
}

// Parse reads a story.
func Parse(name, text string) (Story, error) {
	s := Story{Name: name}
	row := false // the line before belongs to the same row
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, " \t\r")
		if line == "" {
			row = false
			continue
		}
		switch line[0] {
		case '#':
			s.Title = append(s.Title, line)
		case '@', '=', '~', '>':
			if n := len(s.Steps); row && s.Steps[n-1].Acts[0][0] == line[0] {
				s.Steps[n-1].Acts = append(s.Steps[n-1].Acts, line)
				continue
			}
			row = line[0] == '>' || line[0] == '='
			s.Steps = append(s.Steps, Step{Line: i + 1, Acts: []string{line}})
		case '<', '?', '!':
			if len(s.Steps) == 0 {
				return s, fmt.Errorf("%s:%d: something is seen before anything happens", name, i+1)
			}
			row = false
			n := len(s.Steps) - 1
			s.Steps[n].Expect = append(s.Steps[n].Expect, line)
		default:
			return s, fmt.Errorf("%s:%d: a line begins with one of # @ > < ? ! = ~, not %q", name, i+1, line[:1])
		}
	}
	if len(s.Steps) == 0 {
		return s, fmt.Errorf("%s: the story has no steps", name)
	}
	return s, nil
}

// String writes the story back.
func (s Story) String() string {
	var b strings.Builder
	for _, t := range s.Title {
		b.WriteString(t + "\n")
	}
	for _, step := range s.Steps {
		if step.Acts[0][0] != '@' {
			b.WriteString("\n")
		}
		for _, l := range append(append([]string{}, step.Acts...), step.Expect...) {
			b.WriteString(l + "\n")
		}
	}
	return b.String()
}

// Clock reads a time line: "@ 2026-11-24 10:00" or "@ +8h".
func Clock(line string, now time.Time) (time.Time, error) {
	arg := strings.TrimSpace(line[1:])
	if after, ok := strings.CutPrefix(arg, "+"); ok {
		d, err := time.ParseDuration(after)
		return now.Add(d), err
	}
	return time.ParseInLocation("2006-01-02 15:04", arg, bot.Tokyo)
}

// Bubbles writes messages as the phone shows them: a line a bubble, then the
// quick answers.
func Bubbles(messages []bot.Message) []string {
	var lines []string
	var choices []bot.Choice
	for _, m := range messages {
		switch m := m.(type) {
		case bot.Text:
			lines = append(lines, Bubble([]string{m.Text}, nil))
			choices = m.Choices
		case bot.Cards:
			for _, c := range m.Cards {
				texts := append([]string{c.Title}, c.Lines...)
				texts = append(texts, c.Small)
				var buttons []string
				for _, b := range c.Buttons {
					buttons = append(buttons, b.Label)
				}
				lines = append(lines, Bubble(texts, buttons))
			}
			choices = m.Choices
		case bot.Picture:
			lines = append(lines, PictureBubble)
			choices = m.Choices
		}
	}
	var labels []string
	for _, c := range choices {
		labels = append(labels, c.Label)
	}
	if len(labels) > 0 {
		lines = append(lines, "? "+strings.Join(labels, " ／ "))
	}
	return lines
}

// PictureBubble is how a story writes a picture in the chat.
const PictureBubble = "< [photo]"

// Bubble writes one bubble or card: its texts, then its buttons.
func Bubble(texts, buttons []string) string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, strings.ReplaceAll(Mask(t), "\n", `\n`))
		}
	}
	line := strings.TrimRight("< "+strings.Join(kept, " ｜ "), " ")
	for _, b := range buttons {
		line += " [" + b + "]"
	}
	return line
}

var number = regexp.MustCompile(`T-[2-9A-HJ-NP-Z]{6}`)

// Mask hides case numbers, which differ from run to run.
func Mask(s string) string { return number.ReplaceAllString(s, "T-######") }

// Said reads the text of a resident or staff line.
func Said(line string) string {
	return strings.ReplaceAll(strings.TrimSpace(line[1:]), `\n`, "\n")
}
