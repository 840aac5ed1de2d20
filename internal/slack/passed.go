package slack

import (
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// passedEntry tells the lead that somebody is being passed around.
func passedEntry(c desk.Case, e desk.Entry, pack *bot.Content) post {
	parts := append(strings.SplitN(e.Text, "\n", 3), "", "", "")
	text := "🟠 二度目の引き継ぎです。"
	if !blank(parts[1]) { // it is taken out after the end
		text = "🟠 二度目の引き継ぎです（" + windowName(pack, parts[0]) + " → " + windowName(pack, parts[1]) + "、" + san(e.By.Name) + "から）。"
	}
	if !blank(parts[2]) {
		text += "理由：" + oneLine(parts[2], 200) + "　"
	}
	text += "ご本人がたらい回しになっていないか、見てください。"
	return toPeople(c, e, text, leads(pack.Duty))
}

// leads are those who answer for the desk: the leads, and the administrators
// when there is none.
func leads(duty bot.Duty) []string {
	if ids := duty.With(bot.RoleLead); len(ids) > 0 {
		return ids
	}
	return duty.With(bot.RoleAdmin)
}

// maxToPeople bounds how many one line calls by name.
const maxToPeople = 5

// toPeople is a line that calls people by name, except who caused it. When there
// is nobody to call it stands there all the same.
func toPeople(c desk.Case, e desk.Entry, text string, ids []string) post {
	p := post{text: c.Number() + "　" + escape(text)}
	var who []string
	for _, id := range ids {
		if id != e.By.ID && isMember(id) && len(who) < maxToPeople {
			who = append(who, "<@"+id+">")
		}
	}
	if len(who) == 0 {
		p.add(hint(text + "　" + when(e.At)))
		return p
	}
	p.text = strings.Join(who, " ") + " " + p.text
	p.add(section(strings.Join(who, " ")+" さん　"+escape(text)), hint(when(e.At)))
	return p
}
