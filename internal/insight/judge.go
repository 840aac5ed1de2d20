package insight

import (
	"errors"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// Judgement is what staff decided about one kind of trouble in a month's
// report: who has to take it up.
type Judgement struct {
	Month  Month
	Window string
	Scope  Scope
	Why    string
	By     desk.Staff
	At     time.Time
}

// Scope says who takes it up. The values are kept.
type Scope string

// The scopes.
const (
	WholeCity  Scope = "city"
	OneArea    Scope = "area"
	WaitAndSee Scope = "watch"
)

// Ja is the scope for people.
func (s Scope) Ja() string {
	switch s {
	case WholeCity:
		return "全市"
	case OneArea:
		return "圏域"
	case WaitAndSee:
		return "様子を見る"
	}
	return string(s)
}

// maxWhy bounds a reason, in characters.
const maxWhy = 300

// ErrJudgement reports words that are no judgement.
var ErrJudgement = errors.New("that is no window and scope")

// ReadJudgement reads what staff type: a window (its id, or words that only its
// name has), 全市 or 圏域 or 様子, and why.
func ReadJudgement(text string, content *bot.Content) (Judgement, error) {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return Judgement{}, ErrJudgement
	}
	j := Judgement{Window: windowOf(fields[0], content), Why: strings.Join(fields[2:], " ")}
	switch {
	case strings.HasPrefix(fields[1], "全市"):
		j.Scope = WholeCity
	case strings.HasPrefix(fields[1], "圏域"):
		j.Scope = OneArea
	case strings.HasPrefix(fields[1], "様子"), strings.HasPrefix(fields[1], "ようす"):
		j.Scope = WaitAndSee
	}
	if j.Window == "" || j.Scope == "" {
		return Judgement{}, ErrJudgement
	}
	if why := []rune(j.Why); len(why) > maxWhy {
		j.Why = string(why[:maxWhy]) + "…"
	}
	return j, nil
}

func windowOf(words string, content *bot.Content) (id string) {
	if w := content.Window(words); w != nil {
		return w.ID
	}
	for i := range content.Windows {
		if w := &content.Windows[i]; strings.Contains(w.Name.In(bot.Ja), words) {
			if id != "" {
				return "" // of two
			}
			id = w.ID
		}
	}
	return id
}

// Decided says in sentences what was decided.
func (r Report) Decided() (out []string) {
	for _, j := range r.Judged {
		text := "「" + r.names.window(j.Window) + "」は、" + j.Scope.Ja() + "と決まっています。"
		if j.Why != "" {
			text += "（" + j.Why + "）"
		}
		out = append(out, text)
	}
	return out
}
