package story

import (
	"fmt"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// Act reads what a staff member does with a case, as a story writes it:
//
//	takes · releases · replies … · writes … (not yet sent) · undoes · sends FILE …
//	moves WINDOW … · moves WINDOW いつ／なぜ · accepts · refuses … · cancels
//	invites WINDOW … · joins WINDOW · leaves WINDOW
//	plans 目標／resident:一つ目@2026-12-01／staff:二つ目 · ticks STEP
//	requests NAME ひとこと · cannot (their answer) · talked · talks-later (answers to the reminder after danger)
//	asks NAME／何を · promises 2026-12-01 10:00 … · tells 2026-12-01 10:00 …（also the resident）· keeps
//	wishes … (what the resident wants) · snoozes 2026-12-01 10:00 · notes … · calls … · talks … (reached them by telephone) · tags a b · shows window:ID
//	closes OUTCOME WHERE · chats …
//
// written is the entry of the last reply.
func Act(verb, arg string, now time.Time, written string) (desk.Action, error) {
	first, rest, _ := strings.Cut(arg, " ")
	switch verb {
	case "takes":
		return desk.Take{}, nil
	case "releases":
		return desk.Release{}, nil
	case "replies", "writes":
		return desk.Reply{Text: arg}, nil
	case "shows":
		return desk.Reply{Show: arg}, nil
	case "sends":
		mime := "image/png"
		if strings.HasSuffix(first, ".pdf") {
			mime = "application/pdf"
		}
		return desk.Reply{Text: rest, Files: []desk.File{{ID: "staff-F1", From: "F1", Name: first, MIME: mime, Size: 8}}}, nil
	case "undoes":
		return desk.TakeBack{Entry: written}, nil
	case "moves":
		when, why, ok := strings.Cut(rest, "／")
		if !ok {
			when, why = "", rest
		}
		return desk.MoveTo{Window: first, When: when, Why: why}, nil
	case "accepts":
		return desk.Accept{}, nil
	case "refuses":
		return desk.Refuse{Why: arg}, nil
	case "cancels":
		return desk.CancelOffer{}, nil
	case "invites":
		return desk.Invite{Window: first, Does: rest}, nil
	case "joins":
		return desk.Join{Window: first}, nil
	case "leaves":
		return desk.Leave{Window: first}, nil
	case "plans":
		return plan(arg), nil
	case "ticks":
		return desk.StepDone{Step: arg}, nil
	case "asks":
		with, what, _ := strings.Cut(arg, "／")
		return desk.AskConsent{With: with, What: what}, nil
	case "promises", "tells", "snoozes":
		return timed(verb, arg)
	case "keeps":
		return desk.Kept{}, nil
	case "requests":
		return desk.AskPerson{Who: desk.Staff{ID: "U-" + first, Name: first}, Word: rest}, nil
	case "cannot":
		return desk.Cannot{}, nil
	case "talked":
		return desk.Talked{}, nil
	case "talks-later":
		return desk.TalkLater{}, nil
	case "notes":
		return desk.Write{Text: arg}, nil
	case "wishes":
		return desk.Write{Wish: &arg}, nil
	case "calls", "talks":
		return desk.Write{Text: arg, Call: true, Spoke: verb == "talks"}, nil
	case "tags":
		return desk.Write{Tag: true, Tags: strings.Fields(arg)}, nil
	case "closes":
		return desk.Close{Outcome: first, Where: rest}, nil
	}
	return nil, fmt.Errorf("staff do not know how to %q at %s", verb, now)
}

// Leaves reports whether a verb waits for a reply's moment to be over.
func Leaves(verb string) bool { return verb == "replies" || verb == "shows" || verb == "sends" }

func plan(arg string) desk.Propose {
	parts := strings.Split(arg, "／")
	p := desk.Propose{Goal: parts[0]}
	for _, s := range parts[1:] {
		who, text, _ := strings.Cut(s, ":")
		text, by, _ := strings.Cut(text, "@")
		p.Steps = append(p.Steps, desk.StepText{Text: text, Who: who, By: by})
	}
	return p
}

func timed(verb, arg string) (desk.Action, error) {
	const layout = "2006-01-02 15:04"
	if len(arg) < len(layout) {
		return nil, fmt.Errorf("%s needs a time", verb)
	}
	at, err := time.ParseInLocation(layout, arg[:len(layout)], bot.Tokyo)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", verb, err)
	}
	if verb == "snoozes" {
		return desk.Snooze{Until: at}, nil
	}
	return desk.Promise{Text: strings.TrimSpace(arg[len(layout):]), Due: at, Tell: verb == "tells"}, nil
}
