package lineapi

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

func picture(t *testing.T, format string, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, width, height))
	var err error
	if format == "png" {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (r *rig) newMenu(withImage bool, actions ...messaging_api.ActionInterface) string {
	r.t.Helper()
	req := &messaging_api.RichMenuRequest{Size: &messaging_api.RichMenuSize{Width: 800, Height: 540}, Selected: true, Name: "a", ChatBarText: "メニュー"}
	if len(actions) == 0 {
		actions = append(actions, say("a"))
	}
	for i, a := range actions {
		req.Areas = append(req.Areas, messaging_api.RichMenuArea{Bounds: &messaging_api.RichMenuBounds{X: int64(100 * i), Y: 0, Width: 100, Height: 100}, Action: a})
	}
	got, err := r.sdk.CreateRichMenu(req)
	if err != nil {
		r.t.Fatal(err)
	}
	if withImage {
		if _, err := r.blob.SetRichMenuImage(got.RichMenuId, "image/png", bytes.NewReader(picture(r.t, "png", 800, 540))); err != nil {
			r.t.Fatal(err)
		}
	}
	return got.RichMenuId
}

func say(label string) messaging_api.ActionInterface {
	return &messaging_api.MessageAction{Label: label, Text: label}
}

func TestRichMenuLife(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	id := r.newMenu(false, say("相談"))
	other := r.newMenu(true, say("予定"))
	got, err := r.sdk.GetRichMenu(id)
	if err != nil || got.RichMenuId != id || got.Size.Width != 800 || len(got.Areas) != 1 || got.Name != "a" {
		t.Errorf("get: got %+v, %v", got, err)
	}
	if list, err := r.sdk.GetRichMenuList(); err != nil || len(list.Richmenus) != 2 || list.Richmenus[0].RichMenuId != id {
		t.Errorf("list: got %+v, %v", list, err)
	}
	const noImage = `{"message":"must upload richmenu image before applying it to user"}`
	r.want(400, noImage, "POST", "/v2/bot/user/all/richmenu/"+id, "")
	r.want(400, noImage, "POST", "/v2/bot/user/"+user+"/richmenu/"+id, "")
	r.want(400, noImage, "POST", "/v2/bot/richmenu/bulk/link", `{"richMenuId":"`+id+`","userIds":["`+user+`"]}`)
	r.want(404, `{"message":"no default richmenu"}`, "GET", "/v2/bot/user/all/richmenu", "")
	r.want(404, `{"message":"the user has no richmenu"}`, "GET", "/v2/bot/user/"+user+"/richmenu", "")
	r.want(404, `{"message":"Not found"}`, "GET", "/v2/bot/richmenu/"+id+"/content", "")
	if _, err := r.blob.SetRichMenuImage(id, "image/png", bytes.NewReader(picture(t, "png", 800, 540))); err != nil {
		t.Fatal(err)
	}
	if res, err := r.blob.GetRichMenuImage(id); err != nil || res.Header.Get("Content-Type") != "image/png" {
		t.Errorf("download: got %+v, %v", res, err)
	} else {
		_ = res.Body.Close()
	}

	if _, err := r.sdk.SetDefaultRichMenu(id); err != nil {
		t.Fatal(err)
	}
	if got, err := r.sdk.GetDefaultRichMenuId(); err != nil || got.RichMenuId != id {
		t.Errorf("default: got %+v, %v", got, err)
	}
	if got := r.phone(user).RichMenuID; got != id {
		t.Errorf("phone: got %s, want the default", got)
	}
	if _, err := r.sdk.LinkRichMenuIdToUser(user, other); err != nil {
		t.Fatal(err)
	}
	if got := r.phone(user).RichMenuID; got != other {
		t.Errorf("phone: got %s, want the person's own", got)
	}
	if got, err := r.sdk.GetRichMenuIdOfUser(user); err != nil || got.RichMenuId != other {
		t.Errorf("of user: got %+v, %v", got, err)
	}
	if _, err := r.sdk.UnlinkRichMenuIdFromUser(user); err != nil {
		t.Error(err)
	}
	if _, err := r.sdk.CancelDefaultRichMenu(); err != nil {
		t.Error(err)
	}
	if got := r.phone(user).RichMenuID; got != "" {
		t.Errorf("phone: got %s, want none", got)
	}
	if _, err := r.sdk.LinkRichMenuIdToUsers(&messaging_api.RichMenuBulkLinkRequest{RichMenuId: other, UserIds: []string{user, UserID(5)}}); err != nil {
		t.Error(err)
	}
	if got := r.phone(user).RichMenuID; got != other {
		t.Errorf("bulk link: got %s", got)
	}
	if _, err := r.sdk.UnlinkRichMenuIdFromUsers(&messaging_api.RichMenuBulkUnlinkRequest{UserIds: []string{user}}); err != nil {
		t.Error(err)
	}
	if got := r.phone(user).RichMenuID; got != "" {
		t.Errorf("bulk unlink: got %s", got)
	}
	r.do("POST", "/v2/bot/user/"+user+"/richmenu/"+other, "")
	if _, err := r.sdk.DeleteRichMenu(other); err != nil {
		t.Error(err)
	}
	if got := r.phone(user).RichMenuID; got != "" {
		t.Errorf("deleted menu: still on the phone: %s", got)
	}
	r.want(404, `{"message":"Not found"}`, "GET", "/v2/bot/richmenu/"+other, "")
	r.want(404, `{"message":"Not found"}`, "DELETE", "/v2/bot/richmenu/"+other, "")
	r.want(400, `{"message":"The value for the 'userId' parameter is invalid"}`, "POST", "/v2/bot/user/bob/richmenu/"+id, "")
	r.want(400, `{"message":"The property, 'userIds[0]', in the request body is invalid (line: -, column: -)"}`, "POST", "/v2/bot/richmenu/bulk/unlink", `{"userIds":["bob"]}`)
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"invalid richMenuId","property":"richMenuId"}]}`, "POST", "/v2/bot/richmenu/bulk/link", `{"richMenuId":"x","userIds":["`+user+`"]}`)
	r.want(404, `{"message":"richmenu not found"}`, "POST", "/v2/bot/richmenu/bulk/link", `{"richMenuId":"`+other+`","userIds":["`+user+`"]}`)
	r.want(200, `{}`, "POST", "/v2/bot/user/"+UserID(5)+"/richmenu/"+id, "") // a stranger: 200 and nothing
}

func TestRichMenuImages(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	id := r.newMenu(false)
	upload := func(media string, data []byte) (int, string) {
		t.Helper()
		status, body, _ := r.do("POST", "/v2/bot/richmenu/"+id+"/content", string(data), "Content-Type", media)
		return status, body
	}
	const wrongSize = `{"message":"The image size is not allowed for richmenu"}`
	noisy := picture(t, "png", 800, 540)
	noisy = append(noisy, make([]byte, maxMenuImage)...)
	for name, c := range map[string]struct {
		media string
		data  []byte
		want  int
		body  string
	}{
		"gif":             {"image/gif", []byte("GIF89a"), 415, `{"message":"Unsupported media type"}`},
		"form":            {"multipart/form-data; boundary=x", []byte("--x"), 415, `{"message":"Unsupported media type"}`},
		"other size":      {"image/png", picture(t, "png", 800, 500), 400, wrongSize},
		"too heavy":       {"image/png", noisy, 400, wrongSize},
		"no image":        {"image/png", []byte("hello"), 400, `{"message":"The image could not be read as image/png"}`},
		"jpeg called png": {"image/png", picture(t, "jpeg", 800, 540), 400, `{"message":"The image could not be read as image/png"}`},
	} {
		if status, body := upload(c.media, c.data); status != c.want || body != c.body {
			t.Errorf("%s: got %d %s, want %d %s", name, status, body, c.want, c.body)
		}
	}
	if status, body := upload("image/jpeg", picture(t, "jpeg", 800, 540)); status != 200 {
		t.Errorf("good image: got %d %s", status, body)
	}
	if status, body := upload("image/jpeg", picture(t, "jpeg", 800, 540)); status != 400 || body != `{"message":"An image has already been uploaded to the richmenu"}` {
		t.Errorf("second image: got %d %s", status, body)
	}
	if raw, data, media, found := r.RichMenu(id); !found || data == nil || media != "image/jpeg" || !strings.Contains(raw, `"chatBarText"`) {
		t.Errorf("for the demo page: got %s %d bytes %s %v", raw, len(data), media, found)
	}
}

func TestRichMenusAreValidated(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	const bad = `{"size":{"width":2500,"height":1686},"selected":true,"chatBarText":"a","areas":[]}`
	const want = `{"message":"The request body has 1 error(s)","details":[{"message":"must be specified","property":"name"}]}`
	r.want(400, want, "POST", "/v2/bot/richmenu", bad)
	r.want(400, want, "POST", "/v2/bot/richmenu/validate", bad)
	r.want(200, `{}`, "POST", "/v2/bot/richmenu/validate", strings.Replace(bad, `"selected"`, `"name":"a","selected"`, 1))
	if list, err := r.sdk.GetRichMenuList(); err != nil || len(list.Richmenus) != 0 {
		t.Errorf("list: got %+v, %v, want none", list, err)
	}
}

func TestRichMenuLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.Rates = map[Endpoint]Rate{} })
	const menu = `{"size":{"width":800,"height":540},"selected":true,"name":"a","chatBarText":"a","areas":[]}`
	for range maxMenus {
		if status, _, _ := r.do("POST", "/v2/bot/richmenu", menu); status != 200 {
			t.Fatalf("got %d", status)
		}
	}
	if status, _, _ := r.do("POST", "/v2/bot/richmenu", menu); status != 400 {
		t.Errorf("menu 1001: got %d, want 400", status)
	}
}

func TestRichMenuAliasesAndTabs(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	a := r.newMenu(true, &messaging_api.RichMenuSwitchAction{RichMenuAliasId: "tab-b", Data: "to-b"})
	b := r.newMenu(true, say("戻る"))
	bare := r.newMenu(false)
	create := func(alias, menu string) string {
		return `{"richMenuAliasId":"` + alias + `","richMenuId":"` + menu + `"}`
	}
	const path = "/v2/bot/richmenu/alias"
	if _, err := r.sdk.CreateRichMenuAlias(&messaging_api.CreateRichMenuAliasRequest{RichMenuAliasId: "tab-a", RichMenuId: a}); err != nil {
		t.Fatal(err)
	}
	r.want(400, `{"message":"conflict richmenu alias id"}`, "POST", path, create("tab-a", b))
	r.want(400, `{"message":"richmenu not found"}`, "POST", path, create("tab-c", bare))
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"invalid richMenuAliasId","property":"richMenuAliasId"}]}`, "POST", path, create("Tab A", a))
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"invalid richMenuId","property":"richMenuId"}]}`, "POST", path, create("tab-c", "x"))

	if _, err := r.sdk.LinkRichMenuIdToUser(user, a); err != nil {
		t.Fatal(err)
	}
	tap := func() map[string]string {
		t.Helper()
		before := len(r.webhooks())
		if _, err := r.Tap(t.Context(), Person(user), Tap{Menu: true}); err != nil {
			t.Fatal(err)
		}
		return r.webhooks()[before].Events[0].(webhook.PostbackEvent).Postback.Params
	}
	if got := tap(); got["status"] != "RICHMENU_ALIAS_ID_NOTFOUND" || got["newRichMenuAliasId"] != "" {
		t.Errorf("tab without alias: got %v", got)
	}
	if _, err := r.sdk.CreateRichMenuAlias(&messaging_api.CreateRichMenuAliasRequest{RichMenuAliasId: "tab-b", RichMenuId: a}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.sdk.UpdateRichMenuAlias("tab-b", &messaging_api.UpdateRichMenuAliasRequest{RichMenuId: b}); err != nil {
		t.Fatal(err)
	}
	if got, err := r.sdk.GetRichMenuAlias("tab-b"); err != nil || got.RichMenuId != b {
		t.Errorf("alias: got %+v, %v", got, err)
	}
	if list, err := r.sdk.GetRichMenuAliasList(); err != nil || len(list.Aliases) != 2 || list.Aliases[1].RichMenuAliasId != "tab-b" {
		t.Errorf("aliases: got %+v, %v", list, err)
	}
	if got := tap(); got["status"] != "SUCCESS" || got["newRichMenuAliasId"] != "tab-b" {
		t.Errorf("tab: got %v", got)
	}
	if got := r.phone(user).RichMenuID; got != b {
		t.Errorf("phone: got %s, want the other tab", got)
	}
	if _, err := r.Tap(t.Context(), Person(user), Tap{Menu: true}); err != nil {
		t.Error(err)
	}
	if last := r.phone(user).Bubbles; last[len(last)-1].Text != "戻る" {
		t.Errorf("tapping the menu: got %+v", last)
	}
	if _, err := r.sdk.DeleteRichMenu(b); err != nil {
		t.Fatal(err)
	}
	if _, err := r.sdk.LinkRichMenuIdToUser(user, a); err != nil {
		t.Fatal(err)
	}
	if got := tap(); got["status"] != "RICHMENU_NOTFOUND" {
		t.Errorf("tab to a deleted menu: got %v", got)
	}
	if _, err := r.sdk.DeleteRichMenuAlias("tab-b"); err != nil {
		t.Error(err)
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		r.want(404, `{"message":"richmenu alias not found"}`, method, path+"/tab-b", "")
	}
	r.want(404, `{"message":"richmenu alias not found"}`, "POST", path+"/tab-b", `{"richMenuId":"`+a+`"}`)
	r.want(400, `{"message":"The value for the 'richMenuAliasId' parameter is invalid"}`, "GET", path+"/TAB", "")
}
