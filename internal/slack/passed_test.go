package slack

import (
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// TestSecondHandOverCallsTheLead: the leads, or the administrators when there
// is none, but not who handed it over.
func TestSecondHandOverCallsTheLead(t *testing.T) {
	t.Parallel()
	e := desk.Entry{Kind: desk.FromBot, Note: desk.NotePassed, By: desk.Staff{ID: "U0SUZUKI", Name: "鈴木"}, At: opened, Text: "housing\nmoney\n借金の話が出たため"}
	lead, admin := bot.Person{ID: "U0LEAD", Role: bot.RoleLead}, bot.Person{ID: "U0ADMIN", Role: bot.RoleAdmin}
	for _, x := range []struct {
		name   string
		people []bot.Person
		calls  []string
		not    []string
	}{
		{"lead", []bot.Person{admin, lead}, []string{"<@U0LEAD>"}, []string{"<@U0ADMIN>"}},
		{"no lead", []bot.Person{admin}, []string{"<@U0ADMIN>"}, nil},
		{"nobody is named", nil, nil, []string{"<@", "<!"}},
		{"the lead did it", []bot.Person{{ID: "U0SUZUKI", Role: bot.RoleLead}}, nil, []string{"<@"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			content := *pack()
			content.Duty.People = x.people
			content.Index()
			got := check(t, entry(aCase(), e, delivery{}, &content), len(x.calls) > 0)
			for _, want := range append(x.calls, "二度目の引き継ぎです", windowName(&content, "housing"), "借金の話が出たため") {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in %s", want, got)
				}
			}
			for _, not := range x.not {
				if strings.Contains(got, not) {
					t.Errorf("%q must not stand in %s", not, got)
				}
			}
		})
	}
}
