package lineapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checkCase is a message object and what LINE finds wrong with it: lines of
// "property: message", none when it is fine.
type checkCase struct {
	name    string
	message string
	want    string
}

func runChecks(t *testing.T, cases []checkCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !json.Valid([]byte(c.message)) {
				t.Fatalf("the case is not JSON: %s", c.message)
			}
			if got := faults(CheckMessages([]byte("[" + c.message + "]"))); got != c.want {
				t.Errorf("message %s\n got %s\nwant %s", clip(c.message), got, c.want)
			}
		})
	}
}

func faults(err error) string {
	var e *APIError
	if !errors.As(err, &e) {
		if err != nil {
			return "not an APIError: " + err.Error()
		}
		return ""
	}
	if len(e.Details) == 0 {
		return e.Message
	}
	var lines []string
	for _, d := range e.Details {
		lines = append(lines, d.Property+": "+d.Message)
	}
	return strings.Join(lines, "\n")
}

func rep(s string, n int) string { return strings.Repeat(s, n) }

const aFamily = "👨‍👩‍👧‍👦" // 11 UTF-16 units, one grapheme

func TestCheckText(t *testing.T) {
	t.Parallel()
	runChecks(t, []checkCase{
		{"plain", `{"type":"text","text":"こんにちは"}`, ""},
		{"no type", `{"text":"a"}`, "messages[0].type: May not be empty"},
		{"null type", `{"type":null,"text":"a"}`, "messages[0].type: May not be empty"},
		{"unknown type", `{"type":"note","text":"a"}`,
			"messages[0].type: Must be one of the following values: [text, textV2, sticker, image, video, audio, location, imagemap, template, flex, coupon]"},
		{"no text", `{"type":"text"}`, "messages[0].text: May not be empty"},
		{"empty text", `{"type":"text","text":""}`, "messages[0].text: May not be empty"},
		{"5000 units", `{"type":"text","text":"` + rep("あ", 5000) + `"}`, ""},
		{"5001 units", `{"type":"text","text":"` + rep("あ", 5001) + `"}`, "messages[0].text: Length must be between 0 and 5000"},
		{"2500 pairs", `{"type":"text","text":"` + rep("😀", 2500) + `"}`, ""},
		{"2501 pairs", `{"type":"text","text":"` + rep("😀", 2501) + `"}`, "messages[0].text: Length must be between 0 and 5000"},
		{"a number for a text", `{"type":"text","text":5}`, "The property, 'messages[0].text', in the request body is invalid (line: 1, column: 24)"},
		{"emoji", `{"type":"text","text":"$ 😀$","emojis":[{"index":0,"productId":"5ac1","emojiId":"001"},{"index":4,"productId":"5ac1","emojiId":"001"}]}`, ""},
		{"emoji beside the dollar", `{"type":"text","text":"a$","emojis":[{"index":0,"productId":"5ac1","emojiId":"001"}]}`,
			"messages[0].emojis[0].index: The index doesn't match the position of `$`"},
		{"emoji incomplete", `{"type":"text","text":"$","emojis":[{"index":0,"productId":""}]}`,
			"messages[0].emojis[0].productId: May not be empty\nmessages[0].emojis[0].emojiId: May not be empty"},
		{"21 emojis", `{"type":"text","text":"$","emojis":[` + strings.TrimSuffix(rep(`{"index":0,"productId":"a","emojiId":"1"},`, 21), ",") + `]}`,
			"messages[0].emojis: Size must be between 0 and 20"},
		{"v2", `{"type":"textV2","text":"{{{a}}} {laugh}","substitution":{"a":{"type":"mention","mentionee":{"type":"all"}},"laugh":{"type":"emoji","productId":"5a","emojiId":"2"}}}`, ""},
		{"v2 open brace", `{"type":"textV2","text":"a { b"}`, "messages[0].text: `{` and `}` must be used in pairs"},
		{"v2 closing brace", `{"type":"textV2","text":"a } b"}`, "messages[0].text: `{` and `}` must be used in pairs"},
		{"v2 without substitution", `{"type":"textV2","text":"{name}さん"}`, "messages[0].text: The substitution for {name} isn't specified"},
		{"v2 key", `{"type":"textV2","text":"a","substitution":{"na me":{"type":"emoji","productId":"1","emojiId":"2"}}}`,
			"messages[0].substitution.na me: invalid key"},
		{"v2 kind", `{"type":"textV2","text":"{a}","substitution":{"a":{"type":"text"}}}`,
			"messages[0].substitution.a.type: Must be one of the following values: [mention, emoji]"},
		{"v2 mentions whom", `{"type":"textV2","text":"{a}","substitution":{"a":{"type":"mention","mentionee":{"type":"user","userId":"bob"}}}}`,
			"messages[0].substitution.a.mentionee.userId: invalid userId"},
		{"v2 21 mentions", `{"type":"textV2","text":"` + rep("{a}", 21) + `","substitution":{"a":{"type":"mention","mentionee":{"type":"all"}}}}`,
			"messages[0].text: Up to 20 mentions can be substituted"},
		{"sender", `{"type":"text","text":"a","sender":{"name":"たちかわ","iconUrl":"https://example.com/a.png"}}`, ""},
		{"sender too long", `{"type":"text","text":"a","sender":{"name":"` + rep("あ", 21) + `"}}`, "messages[0].sender.name: Length must be between 0 and 20"},
		{"sender named LINE", `{"type":"text","text":"a","sender":{"name":"Line係"}}`, "messages[0].sender.name: The name contains a word that can't be used"},
		{"sender icon over http", `{"type":"text","text":"a","sender":{"iconUrl":"http://example.com/a.png"}}`, "messages[0].sender.iconUrl: Must be a valid HTTPS URL"},
		{"an unknown field is ignored", `{"type":"text","text":"a","colour":"red"}`, ""},
	})
}

func TestCheckMedia(t *testing.T) {
	t.Parallel()
	long := "https://example.com/" + rep("a", 1980)
	runChecks(t, []checkCase{
		{"sticker", `{"type":"sticker","packageId":"446","stickerId":"1988"}`, ""},
		{"sticker without number", `{"type":"sticker","packageId":"446"}`, "messages[0].stickerId: May not be empty"},
		{"sticker that is no number", `{"type":"sticker","packageId":"446","stickerId":"x"}`, "messages[0].stickerId: Must be a number"},
		{"image", `{"type":"image","originalContentUrl":"` + long + `","previewImageUrl":"https://example.com/p.jpg"}`, ""},
		{"image over http", `{"type":"image","originalContentUrl":"http://example.com/a.jpg","previewImageUrl":"https://example.com/p.jpg"}`,
			"messages[0].originalContentUrl: Must be a valid HTTPS URL"},
		{"image url too long", `{"type":"image","originalContentUrl":"` + long + `a","previewImageUrl":"https://example.com/p.jpg"}`,
			"messages[0].originalContentUrl: Length must be between 0 and 2000"},
		{"image without preview", `{"type":"image","originalContentUrl":"https://example.com/a.jpg"}`, "messages[0].previewImageUrl: May not be empty"},
		{"image url not encoded", `{"type":"image","originalContentUrl":"https://example.com/写真.jpg","previewImageUrl":"https://example.com/p q.jpg"}`,
			"messages[0].originalContentUrl: Must be a valid HTTPS URL\nmessages[0].previewImageUrl: Must be a valid HTTPS URL"},
		{"image url encoded", `{"type":"image","originalContentUrl":"https://example.com/%E5%86%99.jpg","previewImageUrl":"https://example.com/%ZZ"}`,
			"messages[0].previewImageUrl: Must be a valid HTTPS URL"},
		{"image without host", `{"type":"image","originalContentUrl":"https:///a.jpg","previewImageUrl":"https:a"}`,
			"messages[0].originalContentUrl: Must be a valid HTTPS URL\nmessages[0].previewImageUrl: Must be a valid HTTPS URL"},
		{"video", `{"type":"video","originalContentUrl":"https://example.com/a.mp4","previewImageUrl":"https://example.com/p.jpg","trackingId":"a-1"}`, ""},
		{"video tracking", `{"type":"video","originalContentUrl":"https://example.com/a.mp4","previewImageUrl":"https://example.com/p.jpg","trackingId":"動画"}`,
			"messages[0].trackingId: invalid trackingId"},
		{"audio", `{"type":"audio","originalContentUrl":"https://example.com/a.m4a","duration":60000}`, ""},
		{"audio without duration", `{"type":"audio","originalContentUrl":"https://example.com/a.m4a"}`, "messages[0].duration: May not be empty"},
		{"audio of no length", `{"type":"audio","originalContentUrl":"https://example.com/a.m4a","duration":0}`,
			"messages[0].duration: Must be between 1 and 9007199254740992"},
		{"audio duration as text", `{"type":"audio","originalContentUrl":"https://example.com/a.m4a","duration":"60"}`,
			"The property, 'messages[0].duration', in the request body is invalid (line: 1, column: 78)"},
		{"location", `{"type":"location","title":"社協","address":"富士見町2-36-47","latitude":35.69,"longitude":139.40}`, ""},
		{"location title", `{"type":"location","title":"` + rep("あ", 101) + `","address":"","latitude":91,"longitude":139.40}`,
			"messages[0].title: Length must be between 0 and 100\nmessages[0].address: May not be empty\nmessages[0].latitude: Must be between -90 and 90"},
		{"coupon", `{"type":"coupon","couponId":"01JY"}`, "messages[0].couponId: The coupon doesn't exist"},
		{"imagemap", `{"type":"imagemap","baseUrl":"https://example.com/a","altText":"地図","baseSize":{"width":1040,"height":700},"actions":[{"type":"message","text":"a","area":{"x":0,"y":0,"width":10,"height":10}},{"type":"uri","linkUri":"tel:119","area":{"x":0,"y":0,"width":10,"height":10}},{"type":"clipboard","clipboardText":"a","area":{"x":0,"y":0,"width":10,"height":10}}]}`, ""},
		{"imagemap width", `{"type":"imagemap","baseUrl":"https://example.com/a","altText":"地図","baseSize":{"width":1000,"height":700},"actions":[{"type":"message","text":"a","area":{"x":-1,"y":0,"width":0,"height":10}}]}`,
			"messages[0].baseSize.width: Must be between 1040 and 1040\nmessages[0].actions[0].area.x: Must be between 0 and 2147483647\nmessages[0].actions[0].area.width: Must be between 1 and 2147483647"},
		{"imagemap of nothing", `{"type":"imagemap","baseUrl":"https://example.com/a","altText":"","baseSize":{"width":1040,"height":700},"actions":[]}`,
			"messages[0].altText: May not be empty\nmessages[0].actions: Size must be between 1 and 50"},
		{"imagemap video", `{"type":"imagemap","baseUrl":"https://example.com/a","altText":"a","baseSize":{"width":1040,"height":700},"actions":[],"video":{"originalContentUrl":"https://example.com/a.mp4","previewImageUrl":"https://example.com/a.jpg","area":{"x":0,"y":0,"width":1,"height":1},"externalLink":{"linkUri":"https://example.com","label":"` + rep("a", 31) + `"}}}`,
			"messages[0].video.externalLink.label: Length must be between 0 and 30"},
	})
}

func TestCheckQuickReplyAndActions(t *testing.T) {
	t.Parallel()
	item := func(action string) string {
		return `{"type":"text","text":"a","quickReply":{"items":[{"type":"action","action":` + action + `}]}}`
	}
	items := func(n int) string {
		one := `{"type":"action","action":{"type":"message","label":"a","text":"a"}},`
		return `{"type":"text","text":"a","quickReply":{"items":[` + strings.TrimSuffix(rep(one, n), ",") + `]}}`
	}
	const spot = "messages[0].quickReply.items[0].action"
	const oneOf = ".type: Must be one of the following values: [postback, message, uri, datetimepicker, camera, cameraRoll, location, clipboard]"
	runChecks(t, []checkCase{
		{"13 items", items(13), ""},
		{"14 items", items(14), "messages[0].quickReply.items: Size must be between 1 and 13"},
		{"no items", items(0), "messages[0].quickReply.items: Size must be between 1 and 13"},
		{"items missing", `{"type":"text","text":"a","quickReply":{}}`, "messages[0].quickReply.items: May not be empty"},
		{"icon over http", `{"type":"text","text":"a","quickReply":{"items":[{"type":"action","imageUrl":"http://example.com/a.png","action":{"type":"camera","label":"a"}}]}}`,
			"messages[0].quickReply.items[0].imageUrl: Must be a valid HTTPS URL"},
		{"type of item", `{"type":"text","text":"a","quickReply":{"items":[{"type":"button","action":{"type":"camera","label":"a"}}]}}`,
			"messages[0].quickReply.items[0].type: Must be one of the following values: [action]"},
		{"no action", `{"type":"text","text":"a","quickReply":{"items":[{"type":"action"}]}}`, "messages[0].quickReply.items[0].action: May not be empty"},
		{"no label", item(`{"type":"message","text":"a"}`), spot + ": `label` must be specified"},
		{"empty label", item(`{"type":"location","label":""}`), spot + ": `label` must be specified"},
		{"label of 20 graphemes", item(`{"type":"message","label":"` + rep(aFamily, 20) + `","text":"a"}`), ""},
		{"label of 21 graphemes", item(`{"type":"message","label":"` + rep("あ", 21) + `","text":"a"}`), spot + ".label: Length must be between 0 and 20"},
		{"message without text", item(`{"type":"message","label":"a"}`), spot + ".text: May not be empty"},
		{"message text of 300", item(`{"type":"message","label":"a","text":"` + rep(aFamily, 300) + `"}`), ""},
		{"message text of 301", item(`{"type":"message","label":"a","text":"` + rep("あ", 301) + `"}`), spot + ".text: Length must be between 0 and 300"},
		{"postback", item(`{"type":"postback","label":"a","data":"x=1","displayText":"はい"}`), ""},
		{"postback without display text", item(`{"type":"postback","label":"a","data":"x=1"}`), ""},
		{"postback data of 300", item(`{"type":"postback","label":"a","data":"` + rep("あ", 300) + `"}`), ""},
		{"postback data of 301", item(`{"type":"postback","label":"a","data":"` + rep("a", 301) + `"}`), spot + ".data: Length must be between 0 and 300"},
		{"postback data in pairs", item(`{"type":"postback","label":"a","data":"` + rep("😀", 151) + `"}`), spot + ".data: Length must be between 0 and 300"},
		{"postback without data", item(`{"type":"postback","label":"a"}`), spot + ".data: May not be empty"},
		{"postback text here", item(`{"type":"postback","label":"a","data":"a","text":"b"}`), spot + ".text: `text` can't be used with quick reply buttons"},
		{"postback fill-in", item(`{"type":"postback","label":"a","data":"a","inputOption":"openKeyboard","fillInText":"住所:\n"}`), ""},
		{"postback fill-in alone", item(`{"type":"postback","label":"a","data":"a","fillInText":"b"}`),
			spot + ".fillInText: `fillInText` is valid only when `inputOption` is `openKeyboard`"},
		{"postback option", item(`{"type":"postback","label":"a","data":"a","inputOption":"openDoor"}`),
			spot + ".inputOption: Must be one of the following values: [closeRichMenu, openRichMenu, openKeyboard, openVoice]"},
		{"uri", item(`{"type":"uri","label":"a","uri":"https://example.com/?q=Good%20morning#a"}`), ""},
		{"tel", item(`{"type":"uri","label":"a","uri":"tel:042-540-0200"}`), ""},
		{"tel of letters", item(`{"type":"uri","label":"a","uri":"tel:call-me"}`), spot + ".uri: invalid uri"},
		{"line scheme", item(`{"type":"uri","label":"a","uri":"line://nv/location"}`), ""},
		{"mailto", item(`{"type":"uri","label":"a","uri":"mailto:a@example.com"}`), spot + ".uri: invalid uri scheme"},
		{"uri of 1001", item(`{"type":"uri","label":"a","uri":"https://example.com/` + rep("a", 981) + `"}`), spot + ".uri: Length must be between 0 and 1000"},
		{"uri empty", item(`{"type":"uri","label":"a","uri":""}`), spot + ".uri: May not be empty"},
		{"altUri", item(`{"type":"uri","label":"a","uri":"https://a.example","altUri":{"desktop":"ftp://a"}}`), spot + ".altUri.desktop: invalid uri scheme"},
		{"clipboard", item(`{"type":"clipboard","label":"a","clipboardText":"` + rep("a", 1000) + `"}`), ""},
		{"clipboard of 1001", item(`{"type":"clipboard","label":"a","clipboardText":"` + rep("a", 1001) + `"}`), spot + ".clipboardText: Length must be between 0 and 1000"},
		{"camera", item(`{"type":"camera","label":"a"}`), ""},
		{"camera roll", item(`{"type":"cameraRoll","label":"a"}`), ""},
		{"location", item(`{"type":"location","label":"a"}`), ""},
		{"rich menu switch", item(`{"type":"richmenuswitch","richMenuAliasId":"a","data":"a"}`), spot + oneOf},
		{"unknown action", item(`{"type":"open","label":"a"}`), spot + oneOf},
		{"picker", item(`{"type":"datetimepicker","label":"a","data":"a","mode":"datetime","initial":"2026-12-25t00:00","min":"2026-12-25T00:00","max":"2027-01-24t23:59"}`), ""},
		{"picker of time", item(`{"type":"datetimepicker","label":"a","data":"a","mode":"time","initial":"06:15","min":"00:00","max":"23:59"}`), ""},
		{"picker mode", item(`{"type":"datetimepicker","label":"a","data":"a","mode":"week"}`), spot + ".mode: Must be one of the following values: [date, time, datetime]"},
		{"picker format", item(`{"type":"datetimepicker","label":"a","data":"a","mode":"date","initial":"2026-2-1"}`), spot + ".initial: invalid format"},
		{"picker year", item(`{"type":"datetimepicker","label":"a","data":"a","mode":"date","max":"2101-01-01"}`), spot + ".max: invalid format"},
		{"picker order", item(`{"type":"datetimepicker","label":"a","data":"a","mode":"time","min":"10:00","max":"00:00"}`), spot + ".max: `max` must be greater than `min`"},
		{"picker initial", item(`{"type":"datetimepicker","label":"a","data":"a","mode":"date","initial":"2026-01-01","min":"2026-02-01"}`),
			spot + ".initial: `initial` must be between `min` and `max`"},
	})
}

func TestCheckTemplates(t *testing.T) {
	t.Parallel()
	tpl := func(body string) string { return `{"type":"template","altText":"a","template":{` + body + `}}` }
	const yes, no = `{"type":"message","label":"はい","text":"はい"}`, `{"type":"postback","label":"いいえ","data":"no"}`
	four := strings.Join([]string{yes, no, yes, no}, ",")
	column := func(text string, actions ...string) string {
		return `{"text":"` + text + `","actions":[` + strings.Join(actions, ",") + `]}`
	}
	runChecks(t, []checkCase{
		{"buttons", tpl(`"type":"buttons","text":"` + rep("あ", 160) + `","actions":[` + four + `]`), ""},
		{"buttons text", tpl(`"type":"buttons","text":"` + rep("あ", 161) + `","actions":[` + four + `]`), "template/text: must not be longer than 160 characters"},
		{"buttons text beside a title", tpl(`"type":"buttons","title":"題","text":"` + rep(aFamily, 61) + `","actions":[` + four + `]`), "template/text: must not be longer than 60 characters"},
		{"buttons text beside an image", tpl(`"type":"buttons","thumbnailImageUrl":"https://example.com/a.jpg","text":"` + rep("a", 61) + `","actions":[` + four + `]`), "template/text: must not be longer than 60 characters"},
		{"buttons title", tpl(`"type":"buttons","title":"` + rep("あ", 41) + `","text":"a","actions":[` + four + `]`), "template/title: must not be longer than 40 characters"},
		{"buttons look", tpl(`"type":"buttons","imageAspectRatio":"wide","imageSize":"fit","imageBackgroundColor":"#FFF","text":"a","actions":[` + four + `]`),
			"template/imageAspectRatio: must be one of the following values: [rectangle, square]\ntemplate/imageSize: must be one of the following values: [cover, contain]\ntemplate/imageBackgroundColor: invalid color"},
		{"five buttons", tpl(`"type":"buttons","text":"a","actions":[` + four + `,` + yes + `]`), "template/actions: size must be between 1 and 4"},
		{"no buttons", tpl(`"type":"buttons","text":"a","actions":[]`), "template/actions: size must be between 1 and 4"},
		{"buttons without actions", tpl(`"type":"buttons","text":"a"`), "template/actions: must be specified"},
		{"button label", tpl(`"type":"buttons","text":"a","actions":[{"type":"message","label":"` + rep("あ", 21) + `","text":"a"}]`), "template/actions/0/label: must not be longer than 20 characters"},
		{"button uri", tpl(`"type":"buttons","text":"a","actions":[{"type":"uri","label":"a","uri":"https://example.com/` + rep("a", 1000) + `"}]`), "template/actions/0/uri: size must be between 0 and 1000"},
		{"camera", tpl(`"type":"buttons","text":"a","actions":[{"type":"camera","label":"a"}]`),
			"template/actions/0/type: must be one of the following values: [postback, message, uri, datetimepicker, clipboard]"},
		{"postback text and display text", tpl(`"type":"buttons","text":"a","actions":[{"type":"postback","label":"a","data":"a","text":"a","displayText":"b"}]`),
			"template/actions/0/text: `displayText` and `text` can't be used at the same time"},
		{"confirm", tpl(`"type":"confirm","text":"` + rep("あ", 240) + `","actions":[` + yes + `,` + no + `]`), ""},
		{"confirm text", tpl(`"type":"confirm","text":"` + rep("あ", 241) + `","actions":[` + yes + `,` + no + `]`), "template/text: must not be longer than 240 characters"},
		{"confirm with one", tpl(`"type":"confirm","text":"a","actions":[` + yes + `]`), "template/actions: size must be between 2 and 2"},
		{"carousel", tpl(`"type":"carousel","columns":[` + column(rep("a", 120), yes, no) + `,` + column("b", no, yes) + `]`), ""},
		{"carousel text", tpl(`"type":"carousel","columns":[` + column(rep("a", 121), yes) + `]`), "template/columns/0/text: must not be longer than 120 characters"},
		{"carousel with four actions", tpl(`"type":"carousel","columns":[` + column("a", yes, no, yes, no) + `]`), "template/columns/0/actions: size must be between 1 and 3"},
		{"carousel uneven", tpl(`"type":"carousel","columns":[` + column("a", yes, no) + `,` + column("b", yes) + `]`),
			"template/columns/1/actions: the number of actions must be the same in all columns"},
		{"carousel with some titles", tpl(`"type":"carousel","columns":[{"title":"題","text":"a","actions":[` + yes + `]},` + column("b", yes) + `]`),
			"template/columns/1/title: must be specified for all columns or none"},
		{"eleven columns", tpl(`"type":"carousel","columns":[` + strings.TrimSuffix(rep(column("a", yes)+",", 11), ",") + `]`), "template/columns: size must be between 1 and 10"},
		{"image carousel", tpl(`"type":"image_carousel","columns":[{"imageUrl":"https://example.com/a.jpg","action":{"type":"message","label":"` + rep("あ", 12) + `","text":"a"}},{"imageUrl":"https://example.com/a.jpg","action":{"type":"message","text":"a"}}]`), ""},
		{"image carousel label", tpl(`"type":"image_carousel","columns":[{"imageUrl":"http://example.com/a.jpg","action":{"type":"message","label":"` + rep("あ", 13) + `","text":"a"}}]`),
			"template/columns/0/imageUrl: invalid uri scheme\ntemplate/columns/0/action/label: must not be longer than 12 characters"},
		{"unknown template", tpl(`"type":"list"`), "template/type: must be one of the following values: [buttons, confirm, carousel, image_carousel]"},
		{"altText", `{"type":"template","altText":"` + rep("あ", 1501) + `","template":{"type":"confirm","text":"a","actions":[` + yes + `,` + no + `]}}`, "messages[0].altText: Length must be between 0 and 1500"},
		{"no template", `{"type":"template","altText":"a"}`, "messages[0].template: May not be empty"},
		{"template of a wrong type", `{"type":"template","altText":"a","template":{"type":"confirm","text":1,"actions":[` + yes + `,` + no + `]}}`,
			"The property, 'messages[0].template.text', in the request body is invalid (line: 1, column: 71)"},
	})
}

func TestCheckLists(t *testing.T) {
	t.Parallel()
	const one = `{"type":"text","text":"a"}`
	for _, c := range []struct{ messages, want string }{
		{"[]", "messages: Size must be between 1 and 5"},
		{"[" + strings.TrimSuffix(rep(one+",", 5), ",") + "]", ""},
		{"[" + strings.TrimSuffix(rep(one+",", 6), ",") + "]", "messages: Size must be between 1 and 5"},
		{`"a"`, "The property, 'messages', in the request body is invalid (line: 1, column: 1)"},
		{`["a"]`, "The property, 'messages[0]', in the request body is invalid (line: 1, column: 2)"},
		{"[" + one + ",\n  {\"type\":\"text\",\"text\":[]}]", "The property, 'messages[1].text', in the request body is invalid (line: 2, column: 25)"},
		{"[{", "The request body could not be parsed as JSON (line: 1, column: 3)"},
		{`[{"type":"text","text":""},{"type":"tex","text":"a"}]`,
			"messages[0].text: May not be empty\nmessages[1].type: Must be one of the following values: [text, textV2, sticker, image, video, audio, location, imagemap, template, flex, coupon]"},
	} {
		if got := faults(CheckMessages([]byte(c.messages))); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", clip(c.messages), got, c.want)
		}
	}
	// The first pass hides the second, and of the second only the first
	// faulty message shows.
	bad := `{"type":"flex","altText":"a","contents":{"type":"bubble"}}`
	if got := faults(CheckMessages([]byte(`[` + bad + `,{"type":"text"}]`))); got != "messages[1].text: May not be empty" {
		t.Errorf("two passes: got %s", got)
	}
	err := CheckMessages([]byte(`[` + one + `,` + bad + `,` + bad + `]`))
	want := &APIError{Message: "A message (messages[1]) in the request body is invalid", Details: []Detail{{"at least one block must be specified", ""}}}
	var got *APIError
	if !errors.As(err, &got) || !cmp.Equal(got, want) {
		t.Errorf("got %+v, want %+v", err, want)
	}
}

func TestCheckRichMenu(t *testing.T) {
	t.Parallel()
	menu := func(size, rest string) string {
		return fmt.Sprintf(`{"size":%s,"selected":true,"name":"a","chatBarText":"メニュー","areas":[%s]}`, size, rest)
	}
	const wide = `{"width":2500,"height":1686}`
	area := func(bounds, action string) string { return `{"bounds":` + bounds + `,"action":` + action + `}` }
	const all = `{"x":0,"y":0,"width":2500,"height":1686}`
	for _, c := range []struct{ name, menu, want string }{
		{"good", menu(wide, area(all, `{"type":"postback","data":"a"}`)), ""},
		{"switch", menu(wide, area(all, `{"type":"richmenuswitch","richMenuAliasId":"tab-b","data":"b"}`)), ""},
		{"no areas", menu(wide, ""), ""},
		{"name missing", `{"size":` + wide + `,"selected":true,"chatBarText":"a","areas":[]}`, "name: must be specified"},
		{"uri", menu(wide, area(all, `{"type":"uri","uri":"htps://example.com"}`)), "areas[0].action.uri: invalid uri scheme"},
		{"narrow", menu(`{"width":799,"height":300}`, ""), "size.width: must be between 800 and 2500"},
		{"low", menu(`{"width":800,"height":249}`, ""), "size.height: must be between 250 and 2147483647"},
		{"tall", menu(`{"width":2500,"height":1725}`, ""), "size: the aspect ratio (width / height) must be at least 1.45"},
		{"just not too tall", menu(`{"width":2500,"height":1724}`, ""), ""},
		{"chat bar", `{"size":` + wide + `,"selected":true,"name":"a","chatBarText":"` + rep("あ", 15) + `","areas":[]}`, "chatBarText: must not be longer than 14 characters"},
		{"selected", `{"size":` + wide + `,"selected":"yes","name":"a","chatBarText":"a","areas":[]}`, "The property, 'selected', in the request body is invalid (line: 1, column: 49)"},
		{"21 areas", menu(wide, strings.TrimSuffix(rep(area(all, `{"type":"message","text":"a"}`)+",", 21), ",")), "areas: size must be between 0 and 20"},
		{"outside", menu(wide, area(`{"x":1,"y":0,"width":2500,"height":1686}`, `{"type":"message","text":"a"}`)), "areas[0].bounds: must be inside the rich menu"},
		{"camera", menu(wide, area(all, `{"type":"camera","label":"a"}`)),
			"areas[0].action.type: must be one of the following values: [postback, message, uri, datetimepicker, richmenuswitch, clipboard]"},
		{"alias", menu(wide, area(all, `{"type":"richmenuswitch","richMenuAliasId":"Tab","data":"b"}`)), "areas[0].action.richMenuAliasId: invalid richMenuAliasId"},
		{"not an object", `[]`, "The property, '-', in the request body is invalid (line: 1, column: 1)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := faults(CheckRichMenu([]byte(c.menu))); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", clip(c.menu), got, c.want)
			}
		})
	}
}
