package slackapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestConversationsRead(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ctx := short(t)
	info, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: desk, IncludeNumMembers: true})
	if err != nil || !info.IsPrivate || !info.IsMember || info.NumMembers != 3 || info.Name != "相談" {
		t.Errorf("info: got %+v, %v", info, err)
	}
	_, err = api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: secret})
	wantCode(t, err, "channel_not_found")

	list, _, err := api.GetConversationsContext(ctx, &slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}, Limit: 2})
	if err != nil || len(list) != 2 {
		t.Fatalf("list: got %d, %v", len(list), err)
	}
	all, err := api.GetAllConversationsContext(ctx, slack.GetConversationsOptionTypes([]string{"public_channel", "private_channel"}), slack.GetConversationsOptionLimit(1))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, ch := range all {
		ids = append(ids, ch.ID)
	}
	if want := []string{town, desk, other}; !slices.Equal(ids, want) {
		t.Errorf("list page by page: got %v, want %v (a private channel without the app stays hidden)", ids, want)
	}
	members, _, err := api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: desk})
	if err != nil || !slices.Equal(members, []string{sato, suzuki, "U0STANDIN"}) {
		t.Errorf("members: got %v, %v", members, err)
	}
	_, out := raw(t, w, "conversations.history", formType, testToken, "channel="+town+"&limit=0")
	if out["error"] != "invalid_limit" {
		t.Errorf("limit 0: got %v", out)
	}
	_, out = raw(t, w, "conversations.list", formType, testToken, "types=secret")
	if out["error"] != "invalid_types" {
		t.Errorf("unknown type: got %v", out)
	}
	_, out = raw(t, w, "conversations.members", formType, testToken, "channel="+town+"&cursor=zz")
	if out["error"] != "invalid_cursor" {
		t.Errorf("bad cursor: got %v", out)
	}
}

func TestHistoryAndReplies(t *testing.T) {
	t.Parallel()
	_, api := start(t, nil)
	ctx := short(t)
	var tops []string
	for range 5 {
		tops = append(tops, post(t, api, town, text("上")))
	}
	var replies []string
	for range 3 {
		replies = append(replies, post(t, api, town, text("下"), slack.MsgOptionTS(tops[1])))
	}
	post(t, api, town, text("みんなにも"), slack.MsgOptionTS(tops[1]), slack.MsgOptionBroadcast())

	var got []string
	params := &slack.GetConversationHistoryParameters{ChannelID: town, Limit: 4}
	for {
		page, err := api.GetConversationHistoryContext(ctx, params)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			got = append(got, m.Timestamp)
		}
		if !page.HasMore {
			break
		}
		params.Cursor = page.ResponseMetaData.NextCursor
	}
	if len(got) != 6 || !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("history: got %v, want five messages and a broadcast, newest first", got)
	}
	page, err := api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: town, Oldest: tops[1], Latest: tops[3]})
	if err != nil || len(page.Messages) != 1 || page.Messages[0].Timestamp != tops[2] {
		t.Errorf("between two: got %v, %v", page.Messages, err)
	}
	page, err = api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: town, Oldest: tops[1], Latest: tops[3], Inclusive: true})
	if err != nil || len(page.Messages) != 3 || page.Messages[2].ReplyCount != 4 || page.Messages[2].ThreadTimestamp != tops[1] {
		t.Errorf("inclusive: got %+v, %v", page.Messages, err)
	}
	for _, ts := range []string{tops[1], replies[1]} {
		thread, more, _, err := api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: town, Timestamp: ts, Limit: 2})
		if err != nil || !more || len(thread) != 3 || thread[0].Timestamp != tops[1] || thread[1].ParentUserId != "U0STANDIN" {
			t.Errorf("replies of %s: got %d, %v, %v", ts, len(thread), more, err)
		}
	}
	_, _, _, err = api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: town, Timestamp: "1.1"})
	wantCode(t, err, "thread_not_found")
	_, err = api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: other})
	wantCode(t, err, "not_in_channel")
}

func TestConversationsWrite(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ctx := short(t)
	if _, _, _, err := api.JoinConversationContext(ctx, other); err != nil {
		t.Fatal(err)
	}
	_, warning, _, err := api.JoinConversationContext(ctx, other)
	if err != nil || warning != "already_in_channel" {
		t.Errorf("join again: got %q, %v", warning, err)
	}
	_, _, _, err = api.JoinConversationContext(ctx, desk)
	wantCode(t, err, "method_not_supported_for_channel_type")

	ch, err := api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: "防災-2026", IsPrivate: true})
	if err != nil || !ch.IsPrivate || ch.Name != "防災-2026" {
		t.Fatalf("create: got %+v, %v", ch, err)
	}
	for name, want := range map[string]string{
		"防災-2026": "name_taken", "Big": "invalid_name_specials", "a b": "invalid_name_specials",
		"": "invalid_name_required", strings.Repeat("あ", 81): "invalid_name_maxlength",
	} {
		_, out := raw(t, w, "conversations.create", jsonType, testToken, `{"name":"`+name+`"}`)
		if out["error"] != want {
			t.Errorf("create %q: got %v, want %s", name, out, want)
		}
	}
	if _, err := api.InviteUsersToConversationContext(ctx, ch.ID, sato, suzuki); err != nil {
		t.Fatal(err)
	}
	_, out := raw(t, w, "conversations.invite", formType, testToken, "channel="+ch.ID+"&users="+sato)
	errs, _ := out["errors"].([]any)
	if out["error"] != "already_in_channel" || len(errs) != 1 {
		t.Errorf("invite again: got %v", out)
	}
	if err := api.KickUserFromConversationContext(ctx, ch.ID, suzuki); err != nil {
		t.Errorf("kick: %v", err)
	}
	wantCode(t, api.KickUserFromConversationContext(ctx, ch.ID, suzuki), "not_in_channel")
	wantCode(t, api.KickUserFromConversationContext(ctx, ch.ID, "U0STANDIN"), "cant_kick_self")
	members, _, _ := api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: ch.ID})
	if !slices.Equal(members, []string{"U0STANDIN", sato}) {
		t.Errorf("members: got %v", members)
	}

	im, _, already, err := api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{sato}, ReturnIM: true})
	if err != nil || already || !strings.HasPrefix(im.ID, "D") || !im.IsIM || im.User != sato {
		t.Errorf("open: got %+v, %v, %v", im, already, err)
	}
	again, _, already, err := api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{sato}})
	if err != nil || !already || again.ID != im.ID {
		t.Errorf("open again: got %+v, %v, %v", again, already, err)
	}
	group, _, _, err := api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{sato, suzuki}})
	if err != nil || group.ID == im.ID {
		t.Errorf("open with two: got %+v, %v", group, err)
	}
	_, _, _, err = api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{"U404"}})
	wantCode(t, err, "user_not_found")
}

func TestUsers(t *testing.T) {
	t.Parallel()
	w, api := start(t, func(c *Config) {
		c.UserGroups = []UserGroup{{ID: "S1", Handle: "kyufu", Name: "給付", Users: []string{sato}}}
	})
	ctx := short(t)
	user, err := api.GetUserInfoContext(ctx, boss, slack.GetUserInfoOptionIncludeLocale(true))
	if err != nil || !user.IsAdmin || user.Locale != "ja-JP" || user.TZ != "Asia/Tokyo" || user.Profile.DisplayName != "所長" {
		t.Errorf("info: got %+v, %v", user, err)
	}
	_, err = api.GetUserInfoContext(ctx, "U404")
	wantCode(t, err, "user_not_found")
	users, err := api.GetUsersContext(ctx, slack.GetUsersOptionLimit(2))
	if err != nil || len(users) != 4 || !users[0].IsBot {
		t.Errorf("list page by page: got %d, %v", len(users), err)
	}
	user, err = api.GetUserByEmailContext(ctx, "sato@example.jp")
	if err != nil || user.ID != sato {
		t.Errorf("by e-mail: got %+v, %v", user, err)
	}
	_, err = api.GetUserByEmailContext(ctx, "nobody@example.jp")
	wantCode(t, err, "users_not_found")
	if err := w.SetAway(sato, true); err != nil {
		t.Fatal(err)
	}
	presence, err := api.GetUserPresenceContext(ctx, sato)
	if err != nil || presence.Presence != "away" {
		t.Errorf("presence: got %+v, %v", presence, err)
	}
	groups, err := api.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil || len(groups) != 1 || groups[0].Handle != "kyufu" || !slices.Equal(groups[0].Users, []string{sato}) {
		t.Errorf("groups: got %+v, %v", groups, err)
	}
	bot, err := api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: "B0STANDIN"})
	if err != nil || bot.UserID != "U0STANDIN" {
		t.Errorf("bot: got %+v, %v", bot, err)
	}
	_, err = api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: "B9"})
	wantCode(t, err, "bot_not_found")
}

func TestReactionsPinsBookmarks(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ctx := short(t)
	ref := slack.NewRefToMessage(town, post(t, api, town, text("x")))
	wantCode(t, api.AddReactionContext(ctx, "eyes", ref), "")
	wantCode(t, api.AddReactionContext(ctx, "eyes", ref), "already_reacted")
	wantCode(t, api.AddReactionContext(ctx, ":eyes:", ref), "invalid_name")
	wantCode(t, api.AddReactionContext(ctx, "eyes", slack.NewRefToMessage(town, "1.1")), "message_not_found")
	wantCode(t, api.AddReactionContext(ctx, "eyes", slack.ItemRef{Channel: town}), "no_item_specified")
	if err := w.React(sato, town, ref.Timestamp, "eyes"); err != nil {
		t.Fatal(err)
	}
	item, err := api.GetReactionsContext(ctx, ref, slack.NewGetReactionsParameters())
	if err != nil || len(item.Reactions) != 1 || item.Reactions[0].Count != 2 {
		t.Errorf("get: got %+v, %v", item, err)
	}
	wantCode(t, api.RemoveReactionContext(ctx, "eyes", ref), "")
	wantCode(t, api.RemoveReactionContext(ctx, "eyes", ref), "no_reaction")
	if m, _ := w.Message(town, ref.Timestamp); len(m.Reactions) != 1 || !slices.Equal(m.Reactions[0].Users, []string{sato}) {
		t.Errorf("people see %+v", m.Reactions)
	}
	wantCode(t, api.AddPinContext(ctx, town, ref), "")
	wantCode(t, api.AddPinContext(ctx, town, ref), "already_pinned")
	if m, _ := w.Message(town, ref.Timestamp); !m.Pinned {
		t.Error("the message is not pinned")
	}
	mark, err := api.AddBookmarkContext(ctx, town, slack.AddBookmarkParameters{Title: "手引き", Type: "link", Link: "https://example.jp/"})
	if err != nil || mark.Title != "手引き" {
		t.Errorf("bookmark: got %+v, %v", mark, err)
	}
	_, err = api.AddBookmarkContext(ctx, town, slack.AddBookmarkParameters{Title: "x", Type: "link", Link: "nowhere"})
	wantCode(t, err, "invalid_link")
	if got := w.Channels("")[0].Bookmarks; len(got) != 1 {
		t.Errorf("people see %d bookmarks, want 1", len(got))
	}
}
