package desk_test

import (
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

func TestByHand(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	cmd := desk.Command{ID: "1", Case: "c-1", By: desk.Staff{ID: "U1", Name: "田中"}, At: at}
	d := desk.Rules{}.Begin(cmd, desk.Begin{Window: "money", How: desk.ByPhone, Text: " 電気 "}, "h-1")
	c := d.Case
	if c.ID != "c-1" || c.Resident != "h-1" || c.Summary != "電気" || c.Status != desk.New || d.Refused != "" || len(d.Entries) != 1 {
		t.Fatalf("got %+v", d)
	}
	if d := (desk.Rules{}).Begin(cmd, desk.Begin{Text: " "}, "h-1"); d.Refused != desk.RefusedEmpty {
		t.Errorf("got %+v", d)
	}
	for _, a := range []desk.Action{desk.Reply{Text: "x"}, desk.Propose{Goal: "x"}, desk.AskConsent{With: "x"}, desk.Promise{Text: "x", Due: at, Tell: true}} {
		cmd.Action = a
		if d := desk.Decide(c, cmd); d.Refused != desk.RefusedNoLine {
			t.Errorf("%T: got %q", a, d.Refused)
		}
	}
	for _, a := range []desk.Action{desk.Take{}, desk.MoveTo{Window: "elder-care"}, desk.Write{Text: "x"}, desk.Promise{Text: "x", Due: at}, desk.Close{Outcome: desk.Resolved}} {
		cmd.Action = a
		if d := desk.Decide(c, cmd); d.Refused != "" {
			t.Errorf("%T: refused %q", a, d.Refused)
		}
	}
	cmd.Action = desk.Begin{Window: "money", How: desk.ByVisit, Text: "x"}
	b, err := cmd.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := desk.DecodeCommand(b); err != nil || got.Action != cmd.Action {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	r := desk.Rules{RedactDays: 30}
	c := desk.Case{ID: "c", Status: desk.Closed, ClosedAt: at}
	a, ok := r.RedactAfter(c)
	if !ok || a.At != at.AddDate(0, 0, 30) {
		t.Fatalf("got %+v, %v", a, ok)
	}
	d := r.Ring(c, a, "x", a.At, nil)
	if !d.Case.Redacted() || !d.Redrawn || len(d.Entries) != 1 || d.Entries[0].Note != desk.NoteCleared || d.Entries[0].ID != "n-x-cleared" {
		t.Errorf("got %+v", d)
	}
	if d.Case.Status = desk.Closed; desk.Reopen(d.Case).Redacted() {
		t.Error("a case that goes on shows its words again")
	}
	again := c
	again.ClosedAt = at.AddDate(0, 0, 20) // closed again meanwhile: its own time comes
	open := c
	open.Status = desk.Taken
	for _, c := range []desk.Case{again, open, d.Case} {
		if got := r.Ring(c, a, "x", a.At, nil); got.Redrawn {
			t.Errorf("%+v was taken out", c)
		}
	}
	if _, ok := (desk.Rules{}).RedactAfter(c); ok {
		t.Error("words leave a chat whose pack says nothing")
	}
}
