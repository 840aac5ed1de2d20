package desk_test

import (
	"slices"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// TestLimits: whom the resident does not want to be told is kept once, in their
// words, and goes when they say so.
func TestLimits(t *testing.T) {
	t.Parallel()
	c := desk.Case{ID: "c", Window: "money", Holder: sato}
	family := bot.Limit{Who: "family", Words: "兄には言わないで", Message: "m1", At: tuesday}
	d := desk.Limit(c, bot.LimitTold{Case: "c", Limit: family}, "1")
	if len(d.Case.Limits) != 1 || len(d.Entries) != 1 || d.Entries[0].Note != desk.NoteLimit || d.Entries[0].By != sato || d.Entries[0].MessageID != "m1" {
		t.Fatalf("got %+v", d)
	}
	c = d.Case
	if d := desk.Limit(c, bot.LimitTold{Limit: bot.Limit{Who: "family", At: tuesday}}, "2"); len(d.Entries) != 0 || len(d.Case.Limits) != 1 {
		t.Errorf("said again with less words: got %+v", d)
	}
	family.Words = "親にも言わないで"
	if d := desk.Limit(c, bot.LimitTold{Limit: family}, "3"); len(d.Entries) != 1 || d.Case.Limits[0].Words != family.Words {
		t.Errorf("said again in other words: got %+v", d)
	}
	if c.Limits[0].Words != "兄には言わないで" {
		t.Error("the case before was changed")
	}
	off := desk.Limit(c, bot.LimitTold{Limit: bot.Limit{Who: "family", At: tuesday}, Off: true}, "4")
	if len(off.Case.Limits) != 0 || off.Entries[0].Note != desk.NoteLimitOff {
		t.Errorf("taken back: got %+v", off)
	}
	if d := desk.Limit(off.Case, bot.LimitTold{Limit: bot.Limit{Who: "family"}, Off: true}, "5"); len(d.Entries) != 0 {
		t.Error("taken back twice")
	}
	// Words taken back go; that somebody must not be told stays, when it is known who.
	c.Limits = append(c.Limits, bot.Limit{Words: "佐々木さんには言わないで", Message: "m2"})
	c = desk.Unsay(c, desk.Entry{MessageID: "m1", Text: "兄には言わないで"})
	c = desk.Unsay(c, desk.Entry{MessageID: "m2", Text: "佐々木さんには言わないで"})
	if len(c.Limits) != 1 || c.Limits[0].Who != "family" || c.Limits[0].Words != "" {
		t.Errorf("unsent: got %+v", c.Limits)
	}
}

// TestLimitedWindowsSeeNoWords: asked in or not, until the resident says yes.
func TestLimitedWindowsSeeNoWords(t *testing.T) {
	t.Parallel()
	r := desk.Rules{}
	city := bot.Limit{Who: "city", Windows: []string{"public-assistance"}}
	c, _ := r.Open(bot.NewCase{ID: "c", Window: "money", With: []string{"public-assistance", "housing"}, Agreed: true, Limits: []bot.Limit{city}}, "r", tuesday)
	if len(c.Team) != 1 || c.Team[0].Window != "housing" {
		t.Errorf("asked in by itself: %+v", c.Team)
	}
	c.Status, c.Holder, c.TakenAt = desk.Taken, sato, tuesday
	do := func(c desk.Case, a desk.Action) desk.Decision {
		return r.Decide(c, desk.Command{ID: "k", Case: "c", By: sato, At: tuesday, Action: a})
	}
	in := do(c, desk.Invite{Window: "public-assistance"})
	asks := slices.ContainsFunc(in.Events, func(e bot.Event) bool { _, ok := e.(bot.ConsentAsked); return ok })
	m := in.Case.Team[1]
	if !asks || in.Case.MaySee(m) || !in.Case.MaySee(in.Case.Team[0]) {
		t.Errorf("invited: the resident is asked %v, it sees %v", asks, in.Case.MaySee(m))
	}
	yes := r.Answered(in.Case, bot.Answer{To: bot.ToConsent, ID: "k", Says: bot.SaysYes}, "1", tuesday)
	if !yes.Case.MaySee(m) {
		t.Error("it sees nothing after the yes")
	}
	revoked := r.Answered(yes.Case, bot.Answer{To: bot.ToConsent, Says: bot.SaysRevoke}, "2", tuesday)
	if revoked.Case.MaySee(m) {
		t.Error("it sees words after the consent was taken back")
	}
	// Said when the window is in already.
	late := desk.Case{ID: "c", Window: "money", Team: []desk.Member{{Window: "public-assistance", Who: sato}}}
	if late = desk.Limit(late, bot.LimitTold{Limit: city}, "3").Case; late.MaySee(late.Team[0]) {
		t.Error("it sees words after the resident said not to")
	}
	// A hand-over asks, also while nobody has the case; the yes is to that window.
	fresh := c
	fresh.Status, fresh.Holder, fresh.TakenAt = desk.New, desk.Staff{}, c.ClosedAt
	for name, from := range map[string]desk.Case{"nobody has it": fresh, "somebody has it": c} {
		d := do(from, desk.MoveTo{Window: "public-assistance"})
		if d.Case.Offer == nil || d.Case.Window != "money" {
			t.Fatalf("%s: the resident is not asked", name)
		}
		if d := r.Answered(d.Case, bot.Answer{To: bot.ToHandover, ID: "k", Says: bot.SaysYes}, "4", tuesday); d.Case.Limited("public-assistance") {
			t.Errorf("%s: agreed, and it is still limited", name)
		}
		if d := r.Answered(d.Case, bot.Answer{To: bot.ToHandover, ID: "k", Says: bot.SaysNo}, "4", tuesday); !d.Case.Limited("public-assistance") {
			t.Errorf("%s: refused, and it is not limited any more", name)
		}
	}
	// "Nobody else" is everybody but who leads; a yes is for one window.
	all := c
	all.Limits = []bot.Limit{{Who: "anyone", Windows: []string{"*"}}}
	if all.Limited("money") || !all.Limited("housing") || all.MaySee(desk.Member{Window: "housing"}) {
		t.Error("nobody else: the lead is limited, or another is not")
	}
	d := do(all, desk.MoveTo{Window: "housing"})
	d = r.Answered(d.Case, bot.Answer{To: bot.ToHandover, ID: "k", Says: bot.SaysYes}, "5", tuesday)
	if !d.Case.MaySee(desk.Member{Window: "housing"}) || d.Case.MaySee(desk.Member{Window: "legal"}) {
		t.Error("a yes to one window is for that one")
	}
}
