package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
	"github.com/tsunagu-chat/tsunagu/internal/story"
)

var morning = time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)

// acts plays lines as a story does, without saying what is seen.
func (s *stage) acts(lines string) {
	s.t.Helper()
	parsed, err := story.Parse(s.t.Name(), lines)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, step := range parsed.Steps {
		ctx := s.t.Context()
		s.service.drained(ctx, within)
		switch step.Acts[0][0] {
		case '=':
			for _, act := range step.Acts {
				err = s.staff(ctx, story.Said(act))
			}
		case '>':
			err = s.resident(ctx, step.Acts)
		default:
			s.t.Fatalf("nobody does %q", step.Acts[0])
		}
		if err != nil {
			s.t.Fatalf("%s: %v", step.Acts[0], err)
		}
		s.service.drained(ctx, within)
		s.learn()
	}
}

const opening = `> 電気代が払えません

> [tap LINEで職員に話す]

> [tap はい、伝えてください]

= 田中 takes
`

// TestSentFileOpensForAWhile: what staff send can be opened by its address,
// without an account, until the address ends.
func TestSentFileOpensForAWhile(t *testing.T) {
	t.Parallel()
	s := openStage(t, engines(t)[0], morning, townOptions{})
	s.acts(opening + "\n= 田中 sends a.pdf 申請書です")
	ph, err := s.town.line.Wait(t.Context(), s.user, func(ph lineapi.Phone) bool {
		return slices.ContainsFunc(ph.Bubbles, func(b lineapi.Bubble) bool { return len(b.Actions) > 0 && b.Actions[0].Label == "ひらく" })
	})
	if err != nil {
		t.Fatal(err)
	}
	address := ""
	for _, b := range ph.Bubbles {
		for _, a := range b.Actions {
			if a.Label == "ひらく" {
				address = a.URI
			}
		}
	}
	get := func() (int, string) {
		t.Helper()
		r, err := http.Get(strings.Replace(address, townPublic+"/", s.service.url+"/", 1))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Body.Close() }()
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(b)
	}
	if code, body := get(); code != http.StatusOK || body != "%PDF-1.4 a.pdf" {
		t.Errorf("got %d %q from %s", code, body, address)
	}
	s.town.clock.Set(morning.Add(8 * 24 * time.Hour))
	if code, body := get(); code != http.StatusNotFound || strings.Contains(body, "%PDF") {
		t.Errorf("after eight days: got %d %q, want 404", code, body)
	}
}

// TestSentPictureIsAPicture: a photo from a phone stands upright in the chat,
// without the place where it was taken; what cannot be shown there, or may not,
// is a link as before.
func TestSentPictureIsAPicture(t *testing.T) {
	t.Parallel()
	photo := heldPhoto(t)
	if !bytes.Contains(photo, []byte("Tachikawa")) {
		t.Fatal("the photo says nothing of where it was taken")
	}
	for name, c := range map[string]struct {
		public, file string
		content      []byte
		want         string
	}{
		"photo":     {townPublic, "a.jpg", photo, "< 田中： [photo]"},
		"no https":  {"http://127.0.0.1", "a.jpg", photo, "< 田中： 写真 ｜ a.jpg ｜ 7日間だけ見られます。 [ひらく]"},
		"broken":    {townPublic, "b.jpg", photo[:len(photo)/2], "< 田中： 写真 ｜ b.jpg ｜ 7日間だけ見られます。 [ひらく]"},
		"animation": {townPublic, "c.gif", []byte("GIF89a and so on"), "< 田中： 写真 ｜ c.gif ｜ 7日間だけ見られます。 [ひらく]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openStage(t, engines(t)[0], morning, townOptions{Public: c.public})
			s.acts(opening)
			card, err := s.card()
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := s.town.slack.UploadFile(townStaff[0].ID, card.Channel, card.TS, c.file, c.content, ">> "); err != nil {
				t.Fatal(err)
			}
			_ = s.town.slack.Settle(t.Context())
			s.service.drained(t.Context(), within)
			afterUndo(t.Context(), s.service.service, s.town)
			var lines []string
			ph, err := s.town.line.Wait(t.Context(), s.user, func(ph lineapi.Phone) bool {
				lines = transcript(ph, 0)
				return slices.Contains(lines, c.want)
			})
			if err != nil {
				t.Fatalf("the phone shows\n%s", strings.Join(lines, "\n"))
			}
			for what, address := range addressesOf(t, ph) {
				b, mime := s.get(address)
				if bytes.Contains(b, []byte("Tachikawa")) {
					t.Errorf("%s tells where it was taken", what)
				}
				if name == "broken" || name == "animation" {
					continue
				}
				img, err := jpeg.Decode(bytes.NewReader(b))
				if err != nil || mime != "image/jpeg" || img.Bounds().Dx() != 20 || img.Bounds().Dy() != 40 {
					t.Errorf("%s: got %s, %v", what, mime, err)
				}
			}
		})
	}
}

// addressesOf are where the phone finds what staff sent, by what it is.
func addressesOf(t *testing.T, ph lineapi.Phone) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, b := range ph.Bot() {
		if b.Type == "image" {
			var m struct{ OriginalContentURL, PreviewImageURL string }
			if err := json.Unmarshal(b.Message, &m); err != nil {
				t.Fatal(err)
			}
			all["picture"], all["preview"] = m.OriginalContentURL, m.PreviewImageURL
		}
		for _, a := range b.Actions {
			if a.Label == "ひらく" {
				all["link"] = a.URI
			}
		}
	}
	if len(all) == 0 {
		t.Error("the phone finds nothing")
	}
	return all
}

// get asks the service for what stands behind an address it gave.
func (s *stage) get(address string) (content []byte, mime string) {
	s.t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.Get(s.service.url + at.Path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if content, err = io.ReadAll(r.Body); err != nil || r.StatusCode != http.StatusOK {
		s.t.Errorf("got %s, %v from %s", r.Status, err, address)
	}
	return content, r.Header.Get("Content-Type")
}

// heldPhoto is 40 × 20 pixels, taken with the phone held upright (orientation
// 6), and says where.
func heldPhoto(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 20)), nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00 35.6938N 139.4195E Tachikawa"
	head := append([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, byte(len(exif) + 2)}, exif...)
	return append(head, b.Bytes()[2:]...)
}

// TestWatchedTalkLeavesNothing: what somebody wrote who may be watched stands
// in no row of the database before they ask people for help.
func TestWatchedTalkLeavesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		kept := func() string {
			t.Helper()
			r, err := s.service.store.Export(t.Context(), s.service.store.Pseudonym(s.user))
			if err != nil {
				t.Fatal(err)
			}
			b := string(r.State)
			for _, c := range r.Cases {
				b += c.Case.Summary
			}
			return b
		}
		s.acts("> 息子が部屋から出てきません")
		if got := kept(); strings.Contains(got, "息子") || strings.Contains(got, "hikikomori") {
			t.Errorf("the database holds %s", got)
		}
		s.acts("> [tap LINEで職員に話す]\n\n> [tap はい、伝えてください]")
		if got := kept(); !strings.Contains(got, "息子") {
			t.Errorf("after asking for help the database holds %s, want the words", got)
		}
	})
}

// TestManyWindowsManyChannels: a window with its own channel is asked there,
// by a short post, and its answer there counts.
func TestManyWindowsManyChannels(t *testing.T) {
	t.Parallel()
	const homes = "C0000HOMES"
	s := openStage(t, engines(t)[0], morning, townOptions{
		Teams: "housing=" + homes,
		Slack: func(c *slackapi.Config) {
			c.Channels = append(c.Channels, slackapi.Channel{ID: homes, Name: "住まい", Private: true, Members: []string{townStaff[1].ID}, Bot: true})
		},
	})
	suzuki := townStaff[1].ID
	post := func(want string) slackapi.Message {
		t.Helper()
		m, err := s.town.slack.WaitMessage(t.Context(), homes, func(m slackapi.Message) bool { return strings.Contains(s.town.slack.Plain(m), want) })
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	s.acts(opening + "\n= 田中 invites housing 家賃のことを見てほしい")
	m := post("いっしょに考えてください")
	if shown := s.town.slack.Plain(m); !strings.Contains(shown, "家賃のことを見てほしい") || !strings.Contains(shown, "電気代が払えません") {
		t.Errorf("the pointer says\n%s", shown)
	}
	if err := s.town.slack.ClickTwice(t.Context(), slackapi.On(suzuki, homes, m.TS), "join"); err != nil {
		t.Fatal(err)
	}
	s.service.drained(t.Context(), within)
	if m = post("鈴木さんが加わりました"); len(slackapi.Buttons(m)) != 0 {
		t.Errorf("the pointer still offers %+v", slackapi.Buttons(m))
	}
	c, err := s.service.store.OpenCaseOf(t.Context(), s.service.store.Pseudonym(s.user))
	if err != nil || c.Team[0].Who.ID != suzuki || c.Holder.ID != townStaff[0].ID {
		t.Fatalf("got %+v, %v; want 鈴木 in the team and 田中 in the lead", c, err)
	}
	if n := len(s.town.slack.Messages(homes)); n != 1 {
		t.Errorf("%d posts in the window's channel, want one that is kept up to date", n)
	}
	s.acts("= 田中 moves housing 家賃が中心のため\n\n> [tap はい、お願いします]")
	m = post("引き継ぎのおねがい")
	if _, err := s.town.slack.Click(t.Context(), slackapi.On(suzuki, homes, m.TS), "accept"); err != nil {
		t.Fatal(err)
	}
	s.service.drained(t.Context(), within)
	post("電気代が払えません") // the card, with all that was said
	if c, err = s.service.store.Case(t.Context(), c.ID); err != nil || c.Window != "housing" || c.Holder.ID != suzuki || len(c.Moves) != 1 {
		t.Errorf("got %+v, %v", c, err)
	}
	// Afterwards the resident may also be asked whether the bot may learn from it.
	if shown := s.phone(s.user); !strings.Contains(shown, "鈴木が担当します") {
		t.Errorf("the phone shows\n%s\nwant who goes on", shown)
	}
}

// TestClickedAndSubmittedTwice: an impatient finger changes nothing twice.
func TestClickedAndSubmittedTwice(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, clickedAndSubmittedTwice)
}

func clickedAndSubmittedTwice(t *testing.T, s *stage) {
	s.acts(opening)
	ctx, tanaka := t.Context(), townStaff[0].ID
	card, err := s.card()
	if err != nil {
		t.Fatal(err)
	}
	at := slackapi.On(tanaka, card.Channel, card.TS)
	if _, err := s.town.slack.Select(ctx, at, "menu", "plan"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.town.slack.WaitModal(ctx, tanaka, func(slackapi.View) bool { return true }); err != nil {
		t.Fatal(err)
	}
	if err := s.town.slack.Fill(ctx, tanaka, map[string]any{"goal": "電気を止められたくない", "step1": "電話する", "who1": bot.StepResident}); err != nil {
		t.Fatal(err)
	}
	if err := s.town.slack.SubmitTwice(ctx, tanaka); err != nil {
		t.Fatal(err)
	}
	s.service.drained(ctx, within)
	ph, _ := s.town.line.Phone(s.user)
	shown := strings.Count(strings.Join(transcript(ph, 0), "\n"), "電気を止められたくない")
	if shown != 1 {
		t.Errorf("the plan was shown %d times, want once", shown)
	}
	// The resident taps twice too.
	from := lineapi.Person(s.user)
	for range 2 {
		if _, err := s.town.line.Deliver(ctx, s.town.line.Postback(from, "plan-yes:1", "はい、これで", nil)); err != nil {
			t.Fatal(err)
		}
	}
	s.service.drained(ctx, within)
	c, err := s.service.store.OpenCaseOf(ctx, s.service.store.Pseudonym(s.user))
	if err != nil || c.Plan == nil || c.Plan.Version != 1 || c.Asked != nil {
		t.Errorf("got plan %+v, asked %+v, %v", c.Plan, c.Asked, err)
	}
	// A reply is written, and taken back by two fingers at once.
	if _, err := s.town.slack.Post(tanaka, card.Channel, card.TS, ">> まちがい"); err != nil {
		t.Fatal(err)
	}
	_ = s.town.slack.Settle(ctx)
	s.service.drained(ctx, within)
	for range 2 {
		if err := s.undo(ctx, tanaka, card); err != nil && !strings.Contains(err.Error(), "no such button") {
			break // the button is gone already
		}
	}
	heard(ctx, s.service.service, s.town) // hastened, the ten seconds would end before the click
	s.service.moveClock(s.town.clock, s.town.clock.Now().Add(desk.Undo))
	s.service.drained(ctx, within)
	ph, _ = s.town.line.Phone(s.user)
	if all := strings.Join(transcript(ph, 0), "\n"); strings.Contains(all, "まちがい") {
		t.Errorf("what was taken back reached the phone:\n%s", all)
	}
}

// TestLongWords: what LINE lets a resident write, and a modal staff, is shown
// and arrives whole.
func TestLongWords(t *testing.T) {
	t.Parallel()
	s := openStage(t, engines(t)[0], morning, townOptions{})
	s.acts(opening)
	ctx, tanaka := t.Context(), townStaff[0].ID
	long, answer := strings.Repeat("山", 4999)+"川", strings.Repeat("空", 2999)+"海"
	if _, err := s.town.line.Say(ctx, s.user, long); err != nil {
		t.Fatal(err)
	}
	err := s.inThread(ctx, func(m slackapi.Message) bool {
		return strings.Count(s.town.slack.Plain(m), "山") == 4999 && strings.Contains(s.town.slack.Plain(m), "川")
	})
	if err != nil {
		t.Errorf("the thread does not show the whole message: %v", err)
	}
	card, err := s.card()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.form(ctx, tanaka, s.press(slackapi.On(tanaka, card.Channel, card.TS), "reply"), map[string]any{"text": answer}); err != nil {
		t.Fatal(err)
	}
	if v, ok := s.town.slack.Modal(tanaka); !ok || !strings.Contains(s.town.slack.PlainView(v), answer) {
		t.Errorf("the preview %q does not show the whole reply", v.Title)
	}
	if _, err := s.town.slack.Submit(ctx, tanaka); err != nil {
		t.Fatal(err)
	}
	afterUndo(ctx, s.service.service, s.town)
	_, err = s.town.line.Wait(ctx, s.user, func(ph lineapi.Phone) bool { last, ok := ph.LastBot(); return ok && last.Text == answer })
	if err != nil {
		t.Errorf("the reply did not arrive whole: %v", err)
	}
}
