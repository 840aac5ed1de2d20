package reception_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

var at = time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)

type silent struct{}

func (silent) Understand(string, understand.Hint) understand.Result { return understand.Result{} }

// shelf is a store of one resident and one case, whose look for small copies of
// pictures can fail.
type shelf struct {
	resident reception.Resident
	c        desk.Case
	failing  bool
	turns    []reception.Turn
}

var errAway = errors.New("the database is away")

func (s *shelf) Resident(context.Context, string) (reception.Resident, error) { return s.resident, nil }
func (s *shelf) Case(context.Context, string) (desk.Case, error)              { return s.c, nil }
func (s *shelf) Entries(context.Context, string) ([]desk.Entry, error)        { return nil, nil }
func (s *shelf) SaidIn(context.Context, string, string) ([]desk.Entry, error) { return nil, nil }
func (s *shelf) ProposedBy(context.Context, string) ([]string, error)         { return nil, nil }

func (s *shelf) HasMedia(_ context.Context, id string) (bool, error) {
	if s.failing && id == reception.PreviewID("f") {
		return false, errAway
	}
	return true, nil
}

func (s *shelf) Commit(_ context.Context, t reception.Turn) error {
	s.turns = append(s.turns, t)
	s.resident.Number, s.resident.State = t.Number, t.State
	for _, c := range t.Cases {
		s.c = c
	}
	return nil
}

type nothing struct{}

func (nothing) Load(context.Context, string) (int64, []byte, bool, error) { return 0, nil, false, nil }
func (nothing) Save(context.Context, string, int64, []byte, time.Duration) error {
	return nil
}

func (nothing) Read([]byte) (reception.Arrival, error) { return reception.Arrival{}, errAway }

// TestHalfDonePiece: a piece that fails in the middle of a turn leaves nothing
// behind. What came before it is committed, and the piece itself acts once, at
// its next try.
func TestHalfDonePiece(t *testing.T) {
	t.Parallel()
	state, err := json.Marshal(bot.State{Lang: bot.Ja, Case: &bot.CaseView{ID: "c", Holder: "田中"}})
	if err != nil {
		t.Fatal(err)
	}
	tanaka := desk.Staff{ID: "U1", Name: "田中"}
	s := &shelf{
		resident: reception.Resident{ID: "r", Number: 1, State: state}, failing: true,
		c: desk.Case{ID: "c", Resident: "r", Status: desk.Taken, Holder: tanaka, Held: []desk.Held{
			{Entry: "s-x", By: tanaka, Text: "地図です", Files: []desk.File{{ID: "f", Name: "a.jpg", MIME: "image/jpeg"}}, Until: at},
		}},
	}
	r, err := reception.New(reception.Config{
		Bot: func() *bot.Bot { return bot.New(&bot.Content{}, silent{}) }, Store: s, Session: nothing{}, LINE: nothing{},
		Channel: func(string, string) string { return "C1" }, Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler),
		Link: func(file string, _ time.Time) string { return "https://tsunagu.example.jp/f/" + file },
	})
	if err != nil {
		t.Fatal(err)
	}
	memo, err := desk.Command{ID: "m", Case: "c", By: tanaka, At: at, Action: desk.Write{Text: "メモ"}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	alarm, err := json.Marshal(map[string]any{"alarm": desk.Alarm{Kind: desk.AlarmSend, Case: "c", Entry: "s-x", At: at}})
	if err != nil {
		t.Fatal(err)
	}
	mail := []mailbox.Mail{
		{Seq: 1, Key: "slack:m", Lane: "r", Source: mailbox.FromSlack, Body: memo},
		{Seq: 2, Key: "time:r:desk:send", Lane: "r", Source: mailbox.FromTime, Body: alarm},
	}
	if err := r.Handle(t.Context(), mailbox.Lease{Lane: "r"}, mail); err != nil {
		t.Fatal(err)
	}
	if day := s.turns[0].At; !day.Equal(at) { // the figures' day is that of the clock residents see
		t.Errorf("the turn is of %v, want %v", day, at)
	}
	if first := s.turns[0]; len(first.Done) != 1 || len(first.Entries) != 1 || len(first.Changes) != 0 || len(s.c.Held) != 1 {
		t.Errorf("done %v, %d entries, changes %+v, %d held; want the memo alone", first.Done, len(first.Entries), first.Changes, len(s.c.Held))
	}
	s.failing = false
	if err := r.Handle(t.Context(), mailbox.Lease{Lane: "r"}, mail[1:]); err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, turn := range s.turns {
		for _, l := range turn.Letters {
			if l.Kind == reception.LetterSay {
				said++
			}
		}
	}
	if said != 1 {
		t.Errorf("the reply was sent %d times, want once", said)
	}
}

// A hand-over the resident agreed to is a post of its own, also in the channel
// that has the case; one they were only asked about is none.
func TestHandOverHasItsOwnPost(t *testing.T) {
	t.Parallel()
	tanaka, sato := desk.Staff{ID: "U1", Name: "田中"}, desk.Staff{ID: "U2", Name: "佐藤"}
	for _, agreed := range []bool{true, false} {
		state, err := json.Marshal(bot.State{Lang: bot.Ja, Case: &bot.CaseView{ID: "c", Holder: "田中"}})
		if err != nil {
			t.Fatal(err)
		}
		s := &shelf{
			resident: reception.Resident{ID: "r", Number: 1, State: state},
			c:        desk.Case{ID: "c", Resident: "r", Window: "money", Status: desk.Taken, Holder: tanaka, Offer: &desk.Offer{ID: "o", Window: "housing", By: tanaka, Agreed: agreed}},
		}
		r, err := reception.New(reception.Config{
			Bot: func() *bot.Bot { return bot.New(&bot.Content{}, silent{}) }, Store: s, Session: nothing{}, LINE: nothing{},
			Channel: func(string, string) string { return "C1" }, Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler),
			Link: func(string, time.Time) string { return "" },
		})
		if err != nil {
			t.Fatal(err)
		}
		memo, err := desk.Command{ID: "m", Case: "c", By: sato, At: at, Action: desk.Promise{Text: "電話", Due: at.Add(time.Hour)}}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Handle(t.Context(), mailbox.Lease{Lane: "r"}, []mailbox.Mail{{Seq: 1, Key: "slack:m", Lane: "r", Source: mailbox.FromSlack, Body: memo}}); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, l := range s.turns[0].Letters {
			if l.Kind == reception.LetterPoint && l.Subject == reception.OfferAt("c", "housing", "o", "C1") {
				n++
			}
		}
		if want := map[bool]int{true: 1, false: 0}[agreed]; n != want {
			t.Errorf("agreed %v: %d letters about the hand-over, want %d", agreed, n, want)
		}
	}
}

type puzzled struct{}

func (puzzled) Understand(string, understand.Hint) understand.Result {
	return understand.Result{Kind: understand.KindNotUnderstood}
}

type writes struct{ text string }

func (w writes) Read([]byte) (reception.Arrival, error) {
	return reception.Arrival{Event: bot.Wrote{MessageID: "m", Text: w.text}, Sent: at, Received: at, Contact: "U1"}, nil
}

// Who helps in a case that goes on hears of it in their own channel, too: the
// short post there said that it was over.
func TestReopenedInOtherChannels(t *testing.T) {
	t.Parallel()
	state, err := json.Marshal(bot.State{Lang: bot.Ja, Past: &bot.CaseView{ID: "c", Window: "money", ClosedAt: at.Add(-time.Hour)}})
	if err != nil {
		t.Fatal(err)
	}
	s := &shelf{
		resident: reception.Resident{ID: "r", Number: 1, State: state},
		c: desk.Case{
			ID: "c", Resident: "r", Window: "money", Status: desk.Closed, ClosedAt: at.Add(-time.Hour),
			Team: []desk.Member{{Window: "housing", Who: desk.Staff{ID: "U2", Name: "佐藤"}}},
		},
	}
	r, err := reception.New(reception.Config{
		Bot: func() *bot.Bot { return bot.New(&bot.Content{}, puzzled{}) }, Store: s, Session: nothing{}, LINE: writes{"まだ こまっています"},
		Channel: func(window, _ string) string { return "C-" + window }, Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Handle(t.Context(), mailbox.Lease{Lane: "r"}, []mailbox.Mail{{Seq: 1, Key: "line:m", Lane: "r", Source: mailbox.FromLINE, Body: []byte("{}")}}); err != nil {
		t.Fatal(err)
	}
	if s.c.Status == desk.Closed {
		t.Fatal("it did not go on")
	}
	want := reception.PointAt("c", "housing", "C-housing")
	if !slices.ContainsFunc(s.turns[0].Letters, func(l mailbox.Letter) bool { return l.Kind == reception.LetterPoint && l.Subject == want }) {
		t.Errorf("nothing is said in the other channel: %+v", s.turns[0].Letters)
	}
}
