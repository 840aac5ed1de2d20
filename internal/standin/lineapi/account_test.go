package lineapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

func TestBotInfo(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.BotName = "つなぐ" })
	got, err := r.sdk.GetBotInfo()
	if err != nil || got.UserId != r.BotUserID() || got.DisplayName != "つなぐ" || got.ChatMode != "bot" || got.MarkAsReadMode != "auto" {
		t.Errorf("got %+v, %v", got, err)
	}
	chatty := newRig(t, func(c *Config) { c.ChatMode = "chat" })
	if got, err := chatty.sdk.GetBotInfo(); err != nil || got.ChatMode != "chat" || got.MarkAsReadMode != "manual" {
		t.Errorf("chat mode: got %+v, %v", got, err)
	}
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.want(400, `{"message":"The value for the 'userId' parameter is invalid"}`, "GET", "/v2/bot/profile/bob", "")
	r.want(404, `{"message":"Not found"}`, "GET", "/v2/bot/profile/"+UserID(1), "")
	// Somebody in a group is no friend.
	if _, err := r.AddGroup("町内会", UserID(1)); err != nil {
		t.Fatal(err)
	}
	r.want(404, `{"message":"Not found"}`, "GET", "/v2/bot/profile/"+UserID(1), "")
	id, err := r.AddUser(User{ID: UserID(1), Name: "たろう", PictureURL: "https://example.com/p.png", StatusMessage: "元気"})
	if err != nil {
		t.Fatal(err)
	}
	r.want(404, `{"message":"Not found"}`, "GET", "/v2/bot/profile/"+id, "") // a name makes no friend
	r.deliver(r.Follow(id))
	r.want(200, `{"displayName":"たろう","userId":"`+id+`","pictureUrl":"https://example.com/p.png","statusMessage":"元気"}`, "GET", "/v2/bot/profile/"+id, "")
	if _, err := r.AddUser(User{ID: "bob"}); err == nil {
		t.Error("adding bob: got no error")
	}
	r.want(403, `{"message":"Access to this API is not available for your account"}`, "GET", "/v2/bot/followers/ids", "")
}

func TestGroups(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	a, b := r.user(), r.user()
	group, err := r.AddGroup("町内会", a, b)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.sdk.GetGroupSummary(group); err != nil || got.GroupName != "町内会" || got.GroupId != group {
		t.Errorf("summary: got %+v, %v", got, err)
	}
	if got, err := r.sdk.GetGroupMemberCount(group); err != nil || got.Count != 2 {
		t.Errorf("count: got %+v, %v", got, err)
	}
	if got, err := r.sdk.GetGroupMemberProfile(group, a); err != nil || got.DisplayName != "山田花子" {
		t.Errorf("member: got %+v, %v", got, err)
	}
	r.want(404, `{"message":"Not found"}`, "GET", "/v2/bot/group/"+group+"/member/"+UserID(9), "")
	r.want(400, `{"message":"The value for the 'groupId' parameter is invalid"}`, "GET", "/v2/bot/group/R"+group[1:]+"/summary", "")
	token := r.Message(InGroup(group, a), Text{Text: "a"})
	r.deliver(token)
	for range 2 { // leaving twice is fine
		if _, err := r.sdk.LeaveGroup(group); err != nil {
			t.Error(err)
		}
	}
	r.want(400, `{"message":"Failed to send messages"}`, "POST", "/v2/bot/message/push", `{"to":"`+group+`","messages":[{"type":"text","text":"a"}]}`)
	r.want(400, `{"message":"Failed to send messages"}`, "POST", "/v2/bot/message/reply", `{"replyToken":"`+token.ReplyToken+`","messages":[{"type":"text","text":"a"}]}`)
	r.want(404, `{"message":"Not found"}`, "GET", "/v2/bot/group/"+group+"/summary", "")

	room, err := r.AddRoom(a)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.sdk.GetRoomMemberCount(room); err != nil || got.Count != 1 {
		t.Errorf("room: got %+v, %v", got, err)
	}
	if _, err := r.sdk.LeaveRoom(room); err != nil {
		t.Error(err)
	}
}

func TestWebhookSettings(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	was, err := r.sdk.GetWebhookEndpoint()
	if err != nil || !was.Active {
		t.Fatalf("endpoint: got %+v, %v", was, err)
	}
	for _, bad := range []string{"http://example.com/", "ftp://127.0.0.1", "nonsense", "https://example.com/" + rep("a", 500)} {
		r.want(400, `{"message":"Invalid webhook endpoint URL"}`, "PUT", "/v2/bot/channel/webhook/endpoint", `{"endpoint":"`+bad+`"}`)
	}
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"endpoint"}]}`, "PUT", "/v2/bot/channel/webhook/endpoint", `{}`)
	if _, err := r.sdk.SetWebhookEndpoint(&messaging_api.SetWebhookEndpointRequest{Endpoint: was.Endpoint}); err != nil {
		t.Error(err)
	}
	got, err := r.sdk.TestWebhookEndpoint(&messaging_api.TestWebhookEndpointRequest{})
	if err != nil || !got.Success || got.StatusCode != http.StatusOK || got.Reason != "OK" || got.Detail != "200" {
		t.Errorf("test: got %+v, %v", got, err)
	}
	if posted := r.webhooks(); len(posted) != 1 || len(posted[0].Events) != 0 {
		t.Errorf("test posted: got %+v, want one webhook without events", posted)
	}
	r.setAnswer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	if got, err := r.sdk.TestWebhookEndpoint(&messaging_api.TestWebhookEndpointRequest{Endpoint: was.Endpoint}); err != nil || got.Success || got.StatusCode != http.StatusNotFound || got.Reason != "ERROR_STATUS_CODE" {
		t.Errorf("test of a server that answers 404: got %+v, %v", got, err)
	}
	if got, err := r.sdk.TestWebhookEndpoint(&messaging_api.TestWebhookEndpointRequest{Endpoint: "http://127.0.0.1:1/"}); err != nil || got.Success || got.StatusCode != 0 || got.Reason != "COULD_NOT_CONNECT" {
		t.Errorf("test of nobody: got %+v, %v", got, err)
	}
	r.SetWebhook("")
	r.want(404, `{"message":"Webhook endpoint not found"}`, "GET", "/v2/bot/channel/webhook/endpoint", "")
	r.want(404, `{"message":"Webhook endpoint not found"}`, "POST", "/v2/bot/channel/webhook/test", "{}")
}

func TestLoadingAnimation(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	start := func(seconds int32) error {
		_, err := r.sdk.ShowLoadingAnimation(&messaging_api.ShowLoadingAnimationRequest{ChatId: user, LoadingSeconds: seconds})
		return err
	}
	if err := start(5); err != nil {
		t.Fatal(err)
	}
	if got := r.phone(user).LoadingUntil.Sub(r.clock.Now()); got != 5*time.Second {
		t.Errorf("loading for: got %v, want 5s", got)
	}
	r.clock.Advance(5 * time.Second)
	if got := r.phone(user).LoadingUntil; !got.IsZero() {
		t.Errorf("after its time: got %v, want none", got)
	}
	if err := start(60); err != nil {
		t.Fatal(err)
	}
	if err := r.push(user, keyA); err != nil {
		t.Fatal(err)
	}
	if got := r.phone(user).LoadingUntil; !got.IsZero() {
		t.Errorf("after a message: got %v, want none", got)
	}
	r.want(400, `{"message":"The request body has 2 error(s)","details":[{"message":"Must be between 5 and 60","property":"loadingSeconds"},{"message":"must be a multiple of five","property":"loadingSeconds"}]}`,
		"POST", "/v2/bot/chat/loading/start", `{"chatId":"`+user+`","loadingSeconds":61}`)
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"must be a multiple of five","property":"loadingSeconds"}]}`,
		"POST", "/v2/bot/chat/loading/start", `{"chatId":"`+user+`","loadingSeconds":7}`)
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"Only user id is acceptable, please confirm if there are any group/room ids or illegal ids.","property":"chatId"}]}`,
		"POST", "/v2/bot/chat/loading/start", `{"chatId":"C`+user[1:]+`"}`)
	r.deliver(r.Unfollow(user))
	r.want(202, `{}`, "POST", "/v2/bot/chat/loading/start", `{"chatId":"`+user+`"}`)
	if got := r.phone(user).LoadingUntil; !got.IsZero() {
		t.Errorf("somebody who blocked: got %v, want none", got)
	}
}

func TestMarkAsRead(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.ChatMode = "chat" })
	user := r.user()
	var events []*Event
	for _, s := range []string{"一", "二", "三"} {
		events = append(events, r.Message(Person(user), Text{Text: s}))
	}
	r.deliver(events...)
	var posted struct {
		Events []struct {
			Message struct {
				Token string `json:"markAsReadToken"` // the SDK does not know it yet
			} `json:"message"`
		} `json:"events"`
	}
	if err := json.Unmarshal([]byte(r.rawWebhooks()[0]), &posted); err != nil {
		t.Fatal(err)
	}
	token := posted.Events[1].Message.Token
	r.want(200, `{}`, "POST", "/v2/bot/chat/markAsRead", `{"markAsReadToken":"`+token+`"}`)
	ph := r.phone(user)
	if !ph.Bubbles[0].Read || !ph.Bubbles[1].Read || ph.Bubbles[2].Read {
		t.Errorf("read: got %v %v %v, want the first two", ph.Bubbles[0].Read, ph.Bubbles[1].Read, ph.Bubbles[2].Read)
	}
	r.want(400, `{"message":"Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."}`,
		"POST", "/v2/bot/chat/markAsRead", `{"markAsReadToken":"nz0x74mZT2mRn"}`)

	auto := newRig(t, nil)
	reader := auto.user()
	auto.said(reader, "a")
	if !auto.phone(reader).Bubbles[0].Read {
		t.Error("chat mode bot: messages are read at once")
	}
}

func TestAccountLinking(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	issue := func() string {
		got, err := r.sdk.IssueLinkToken(user)
		if err != nil {
			t.Fatal(err)
		}
		return got.LinkToken
	}
	token := issue()
	if _, err := r.LinkAccount(t.Context(), token, "short"); err == nil {
		t.Error("short nonce: got no error")
	}
	if receipt, err := r.LinkAccount(t.Context(), token, "0123456789"); err != nil || !receipt.OK() {
		t.Fatalf("link: got %+v, %v", receipt, err)
	}
	link := r.webhooks()[0].Events[0].(webhook.AccountLinkEvent)
	if link.Link.Nonce != "0123456789" || link.Link.Result != webhook.LinkContentRESULT_OK {
		t.Errorf("event: got %+v", link.Link)
	}
	if _, err := r.LinkAccount(t.Context(), token, "0123456789"); err == nil {
		t.Error("the token again: got no error")
	}
	token = issue()
	r.clock.Advance(linkTokenLife)
	if _, err := r.LinkAccount(t.Context(), token, "0123456789"); err == nil {
		t.Error("the token after ten minutes: got no error")
	}
	if _, err := r.sdk.IssueLinkToken(UserID(8)); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("stranger: got %v, want 404", err)
	}
}

func TestContent(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.TranscodeTime, c.ContentLife = 10*time.Second, time.Hour })
	user := r.user()
	photo := r.Message(Person(user), Image{Data: []byte("\xff\xd8photo"), Preview: []byte("\xff\xd8\xffsmall")})
	video := r.Message(Person(user), Video{Data: []byte("film")})
	broken := r.Message(Person(user), Audio{Data: []byte("noise"), Broken: true})
	file := r.Message(Person(user), File{Name: "a.pdf", Data: []byte("%PDF")})
	elsewhere := r.Message(Person(user), Image{External: "https://example.com/a.jpg"})
	words := r.Message(Person(user), Text{Text: "a"})
	path := func(e *Event, part string) string { return "/v2/bot/message/" + e.MessageID + "/content" + part }
	get := func(want int, body string, e *Event, part string) {
		t.Helper()
		r.want(want, body, "GET", path(e, part), "")
	}
	res, err := r.blob.GetMessageContent(photo.MessageID)
	if err != nil || res.Header.Get("Content-Type") != "image/jpeg" || res.ContentLength != 7 {
		t.Errorf("photo: got %+v, %v", res, err)
	}
	_ = res.Body.Close()
	get(200, "\xff\xd8\xffsmall", photo, "/preview")
	get(400, `{"message":"Transcoding status doesn't support this type of content"}`, photo, "/transcoding")
	get(400, `{"message":"The content can not be previewed"}`, file, "/preview")
	get(200, "%PDF", file, "")
	get(404, `{"message":"not found"}`, elsewhere, "")
	get(404, `{"message":"not found"}`, words, "")

	get(202, `{}`, video, "")
	if got, err := r.blob.GetMessageContentTranscodingByMessageId(video.MessageID); err != nil || got.Status != messaging_api.GetMessageContentTranscodingResponseSTATUS_PROCESSING {
		t.Errorf("transcoding: got %+v, %v", got, err)
	}
	r.clock.Advance(10 * time.Second)
	get(200, `{"status":"succeeded"}`, video, "/transcoding")
	get(200, "film", video, "")
	get(200, `{"status":"failed"}`, broken, "/transcoding")
	get(404, `{"message":"not found"}`, broken, "")

	r.deliver(r.Unsend(Person(user), photo.MessageID))
	get(410, `{"message":"The content is gone"}`, photo, "")
	get(410, `{"message":"The content is gone"}`, photo, "/preview")
	if ph := r.phone(user); !ph.Bubbles[0].Unsent || ph.Bubbles[0].Message != nil {
		t.Errorf("unsent bubble: got %+v", ph.Bubbles[0])
	}
	if _, _, found := r.Content(photo.MessageID); found {
		t.Error("the demo page still gets the unsent photo")
	}
	if data, media, found := r.Content(file.MessageID); !found || string(data) != "%PDF" || media != "application/octet-stream" {
		t.Errorf("the demo page's file: got %q %s %v", data, media, found)
	}
	r.clock.Advance(time.Hour)
	get(410, `{"message":"The content is gone"}`, file, "")
}
