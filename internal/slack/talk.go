package slack

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

const (
	actTalked = "talked"
	actLater  = "talk-later"
	eventTalk = "tsunagu_talk"
)

// kindWord is the private word to somebody who had a case in danger: that it is
// heavy, and that talking helps. It says nothing of the resident but the case's
// number. rests is until when they rest.
func kindWord(c desk.Case, b desk.Bearer, n int, duty bot.Duty, rests time.Time) post {
	p := post{text: c.Number() + "　おつかれさまでした。少し話しませんか"}
	switch {
	case !b.Talked.IsZero():
		line := "*" + c.Number() + "*　話せてよかったです。どうぞ、むりをしないでください。"
		if !rests.IsZero() {
			line += "\n" + when(rests) + "までは、次の緊急の相談を、先にほかの人にすすめます。"
		}
		p.add(section(line))
		return p
	case n < b.Asked:
		p.add(hint(c.Number() + "　あとの知らせに、続きがあります。"))
		return p
	case !b.Later.IsZero():
		p.add(section("*" + c.Number() + "*　わかりました。" + when(b.Later) + "に、もう一度お知らせします。"))
		return p
	}
	first := "*" + c.Number() + " を受け持ってくれて、ありがとうございます。*"
	if !b.To.IsZero() {
		first = "*" + c.Number() + "、おつかれさまでした。*"
	}
	line := first + "\nこういう相談は、受け持った人の心にも残ります。5分でも、だれかに話すと楽になることがあります。"
	leads := duty.With(bot.RoleLead)
	leads = slices.DeleteFunc(leads, func(id string) bool { return id == b.Who.ID || !isMember(id) })
	if len(leads) == 0 {
		line += "\n責任者や、話しやすい人に声をかけてみてください。"
	} else {
		names := make([]string, 0, len(leads))
		for _, id := range leads[:min(len(leads), 5)] {
			names = append(names, "<@"+id+">") // in a talk of one with the app this rings nobody
		}
		line += "\n話せる人：" + strings.Join(names, "、")
	}
	p.add(section(line))
	a := aboutCase(c)
	a.Window, a.Lang, a.Arg = "", "", b.Who.ID
	p.add(sdk.NewActionBlock("", pressed(actTalked, "話せた", a).WithStyle(sdk.StylePrimary), pressed(actLater, "あとで（あした）", a)))
	p.add(hint("この知らせは、あなたにだけ届いています。押しても、ほかの人には見えません。"))
	return p
}

// carryTalk brings a private word up to date.
func (c *Client) carryTalk(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var ref reception.Talk
	if err := json.Unmarshal(l.Body, &ref); err != nil {
		return mailbox.Receipt{}, unread(err)
	}
	t := doubts(l)
	cs, err := c.cfg.Store.Case(ctx, ref.Case)
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, t, "read case", err)
	}
	b, ok := cs.Bearing(ref.Who)
	if !ok || !isMember(ref.Who) {
		return mailbox.Receipt{}, nil
	}
	at, ok, err := c.cfg.Store.Post(ctx, l.Kind, l.Subject)
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, t, "look for post", err)
	}
	rests := c.rules().RestOf(cs, ref.Who)
	if !rests.After(c.cfg.Now()) {
		rests = time.Time{} // it is over
	}
	p := kindWord(cs, b, ref.N, c.cfg.Content().Duty, rests)
	if channel, ts, found := strings.Cut(at, "/"); ok && found {
		_, err := c.update(ctx, channel, ts, p, eventTalk, l.Subject)
		if err == nil || sortError(err).code == "message_not_found" {
			return mailbox.Receipt{Ref: at}, nil
		}
		return mailbox.Receipt{}, c.trouble(ctx, "chat.update", err, l, t)
	}
	if ok || ref.N < b.Asked || !b.Talked.IsZero() || !b.Later.IsZero() {
		return mailbox.Receipt{Ref: at}, nil // answered already: nothing is begun
	}
	return c.say(ctx, l, t, ref.Who, c.cfg.Channel(cs.Window, cs.Danger), p)
}

// say posts into a person's talk with the app. Where it may not write to
// people, only they see it in the channel.
func (c *Client) say(ctx context.Context, l mailbox.Letter, t trying, who, channel string, p post) (mailbox.Receipt, error) {
	subject := l.Subject
	if t.doubt {
		at, ok, err := c.unseen(ctx, l.Subject, who, l.Created)
		switch {
		case ok:
			return mailbox.Receipt{Ref: at}, nil
		case err == nil:
			t.doubt = false
		case mustNotLook(err):
			// An app installed before it had the scopes: better twice than never.
			c.cfg.Count("conversations.history", sortError(err).code)
			subject += "#again"
		default:
			return mailbox.Receipt{}, c.trouble(ctx, "conversations.history", err, l, t)
		}
	}
	talk, ts, err := c.sdk.PostMessageContext(ctx, who, sdk.MsgOptionText(p.text, false),
		sdk.MsgOptionBlocks(p.blocks...), sdk.MsgOptionMetadata(metadata(eventTalk, subject)))
	if err == nil {
		c.cfg.Count("chat.postMessage", "ok")
		return mailbox.Receipt{Ref: talk + "/" + ts}, nil
	}
	if code := sortError(err).code; slices.Contains([]string{"messages_tab_disabled", "channel_not_found", "cannot_dm_bot", "user_not_found", "restricted_action"}, code) {
		c.cfg.Count("chat.postMessage", code)
		_, err = c.sdk.PostEphemeralContext(ctx, channel, who, sdk.MsgOptionText(p.text, false), sdk.MsgOptionBlocks(p.blocks...))
		if err == nil {
			return mailbox.Receipt{}, nil
		}
	}
	return mailbox.Receipt{}, c.trouble(ctx, "chat.postMessage", err, l, t)
}

// unseen looks for what the app said to a person, whose end nobody saw.
func (c *Client) unseen(ctx context.Context, subject, who string, since time.Time) (at string, ok bool, err error) {
	talk, _, _, err := c.sdk.OpenConversationContext(ctx, &sdk.OpenConversationParameters{Users: []string{who}})
	if err != nil {
		return "", false, err
	}
	ts, ok, err := c.find(ctx, talk.ID, "", eventTalk, subject, since)
	if err != nil || !ok {
		return "", false, err
	}
	return talk.ID + "/" + ts, true, nil
}

// mustNotLook reports that the app may not read its talks with people, or that
// there is none with this person.
func mustNotLook(err error) bool {
	return slices.Contains([]string{"missing_scope", "not_allowed_token_type", "user_not_found", "user_disabled", "cannot_dm_bot"}, sortError(err).code)
}

// clickTalk takes an answer to a private word: from nobody but whom it was said
// to. It stands in a talk with the app, which is no channel of a team.
func (c *Client) clickTalk(ctx context.Context, i *interaction, name string, a about) answer {
	if a.Arg != i.User.ID {
		c.cfg.Count("click", "stranger")
		return fine
	}
	var do desk.Action = desk.Talked{}
	if name == actLater {
		do = desk.TalkLater{}
	}
	return c.pressedButton(ctx, i, a, do)
}

// restsEntry tells the lead, kindly, that somebody took a case in danger who
// should rest. Whoever took it did so of their own will, and is not kept from
// it.
func restsEntry(c desk.Case, e desk.Entry, duty bot.Duty) post {
	until, err := time.Parse(time.RFC3339, strings.TrimSpace(e.Text))
	text := san(e.By.Name) + "は、緊急の相談が続いています"
	if err == nil {
		text += "（前の相談のあとの休みは " + when(until) + "まで）"
	}
	text += "。引き受けてくれてありがとうございます。手つだえる人は、声をかけてください。"
	return toPeople(c, e, text, duty.With(bot.RoleLead))
}
