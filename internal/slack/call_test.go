package slack

import (
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

func TestMentions(t *testing.T) {
	t.Parallel()
	led := bot.Duty{People: []bot.Person{{ID: "U0LEAD", Role: bot.RoleLead}, {ID: "U0ADMIN", Role: bot.RoleAdmin}, {ID: "<!channel>", Role: bot.RoleLead}}}
	for _, x := range []struct {
		calls string
		duty  bot.Duty
		on    []string
		want  string
	}{
		{"here duty", bot.Duty{}, nil, "<!here>"},
		{"here duty", bot.Duty{}, []string{tanaka, tanaka, sato}, "<!here> <@" + tanaka + "> <@" + sato + ">"},
		{"lead", led, nil, "<@U0LEAD>"},
		{"lead", bot.Duty{People: led.People[1:2]}, nil, "<@U0ADMIN>"},
		{"lead", bot.Duty{}, nil, "<!channel>"}, // danger never calls nobody
		{"admin U0OTHER S0GROUP", led, nil, "<@U0ADMIN> <@U0OTHER> <!subteam^S0GROUP>"},
		{"duty lead -" + tanaka, led, []string{tanaka}, "<@U0LEAD>"},        // who rests is passed over
		{"duty -" + tanaka, led, []string{tanaka, sato}, "<@" + sato + ">"}, //
		{"duty here -" + tanaka, led, []string{tanaka}, "<!here>"},          //
		{"lead -U0LEAD", led, nil, "<@U0LEAD>"},                             // unless nobody else is left
		{"-" + tanaka, led, nil, "<!channel>"},
		{"nonsense <!everyone>", led, nil, "<!channel>"},
		{"", led, nil, "<!channel>"},
	} {
		if got := mentions(strings.Fields(x.calls), x.duty, x.on); got != x.want {
			t.Errorf("%q: got %q, want %q", x.calls, got, x.want)
		}
	}
	p := untakenEntry(desk.Case{ID: "c", Quiet: true, Summary: "ことば"}, desk.Entry{Text: "15\nlead"}, led, nil)
	if !strings.HasPrefix(p.text, "<@U0LEAD> T-") || strings.Contains(p.text, "ことば") || !strings.Contains(p.text, "15分") {
		t.Errorf("got %q", p.text)
	}
	held := untakenEntry(desk.Case{ID: "c"}, desk.Entry{Text: "5\n" + tanaka + " here\n<田中>"}, led, nil)
	if !strings.HasPrefix(held.text, "<@"+tanaka+"> <!here> T-") || !strings.Contains(held.text, "担当の&lt;田中&gt;さん") || strings.Contains(held.text, "引き受ける") {
		t.Errorf("of a case that somebody has: got %q", held.text)
	}
}
