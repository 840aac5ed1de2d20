package lineapi

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

func flex(contents string) string {
	return `{"type":"flex","altText":"a","contents":` + contents + `}`
}

// body is a bubble with these components in a vertical box.
func body(components ...string) string { return inBox("vertical", components...) }

func inBox(layout string, components ...string) string {
	return flex(`{"type":"bubble","body":{"type":"box","layout":"` + layout + `","contents":[` + strings.Join(components, ",") + `]}}`)
}

func TestCheckFlexComponents(t *testing.T) {
	t.Parallel()
	const spot = "/body/contents/0"
	button := func(action string) string { return body(`{"type":"button","action":` + action + `}`) }
	runChecks(t, []checkCase{
		{"all", body(
			`{"type":"text","text":"a","flex":0,"size":"xl","align":"start","gravity":"top","color":"#00ff00","weight":"bold","style":"italic","decoration":"underline","wrap":true,"lineSpacing":"20px","margin":"md","position":"relative","offsetTop":"5px","offsetStart":"10%","offsetEnd":"none","maxLines":0,"adjustMode":"shrink-to-fit","scaling":true,"action":{"type":"message","text":"a"}}`,
			`{"type":"text","contents":[{"type":"span","text":"a","size":"12.5px","color":"#00ff0080","weight":"regular","style":"normal","decoration":"line-through"}]}`,
			`{"type":"button","action":{"type":"uri","label":"a","uri":"https://example.com"},"style":"primary","height":"sm","color":"#000000","gravity":"center","adjustMode":"shrink-to-fit","scaling":false,"margin":"none","flex":2}`,
			`{"type":"image","url":"https://example.com/a.jpg","size":"full","aspectRatio":"1.91:1","aspectMode":"cover","backgroundColor":"#ffffff","animated":true,"align":"end"}`,
			`{"type":"image","url":"https://example.com/a.jpg","size":"50%"}`,
			`{"type":"separator","margin":"xxl","color":"#cccccc"}`, `{"type":"filler","flex":1}`,
			`{"type":"box","layout":"baseline","contents":[{"type":"icon","url":"https://example.com/a.png","size":"3xl","scaling":true},{"type":"text","text":"a"},{"type":"filler"}],"spacing":"sm","paddingAll":"0px","paddingTop":"10%","width":"30px","maxWidth":"50%","height":"10px","borderWidth":"semi-bold","borderColor":"#000000","cornerRadius":"xl","justifyContent":"space-evenly","alignItems":"flex-end","background":{"type":"linearGradient","angle":"23.5deg","startColor":"#ff0000","endColor":"#0000ff80","centerColor":"#00ff00","centerPosition":"10%"}}`,
			`{"type":"box","layout":"vertical","contents":[]}`,
		), ""},
		{"empty text", body(`{"type":"text","text":""}`), spot + "/text: must be non-empty text"},
		{"no text", body(`{"type":"text"}`), spot + "/text: must be non-empty text"},
		{"empty spans and no text", body(`{"type":"text","contents":[]}`), spot + "/text: must be non-empty text"},
		{"empty span", body(`{"type":"text","contents":[{"type":"span","text":""}]}`), spot + "/contents/0/text: must be non-empty text"},
		{"text among spans", body(`{"type":"text","contents":[{"type":"text","text":"a"}]}`), spot + "/contents/0: invalid property"},
		{"wrap in a span", body(`{"type":"text","contents":[{"type":"span","text":"a","wrap":true}]}`), spot + "/contents/0/wrap: unknown field"},
		{"unknown field", body(`{"type":"text","text":"a","bold":true}`), spot + "/bold: unknown field"},
		{"unknown component", body(`{"type":"chart"}`), spot + ": invalid property"},
		{"spacer", body(`{"type":"spacer","size":"xl"}`), spot + ": invalid property"},
		{"component without type", body(`{"text":"a"}`), spot + ": invalid property"},
		{"component that is a text", body(`"a"`), spot + ": invalid property"},
		{"icon outside a baseline box", body(`{"type":"icon","url":"https://example.com/a.png"}`), spot + ": invalid property"},
		{"button in a baseline box", inBox("baseline", `{"type":"button","action":{"type":"message","label":"a","text":"a"}}`), spot + ": invalid property"},
		{"box in a baseline box", inBox("baseline", `{"type":"box","layout":"vertical","contents":[]}`), spot + ": invalid property"},
		{"span outside a text", body(`{"type":"span","text":"a"}`), spot + ": invalid property"},
		{"video in the body", body(`{"type":"video","url":"https://example.com/a.mp4"}`), spot + ": invalid property"},
		{"layout", inBox("diagonal"), "/body/layout: invalid property"},
		{"layout missing", flex(`{"type":"bubble","body":{"type":"box","contents":[]}}`), "/body/layout: must be specified"},
		{"contents missing", flex(`{"type":"bubble","body":{"type":"box","layout":"vertical"}}`), "/body/contents: must be specified"},
		{"contents null", flex(`{"type":"bubble","body":{"type":"box","layout":"vertical","contents":null}}`), "/body/contents: must be specified"},
		{"contents an object", flex(`{"type":"bubble","body":{"type":"box","layout":"vertical","contents":{}}}`), "/body/contents: invalid property"},
		{"short colour", body(`{"type":"text","text":"a","color":"#0f0"}`), spot + "/color: invalid color"},
		{"named colour", body(`{"type":"text","text":"a","color":"red"}`), spot + "/color: invalid color"},
		{"colour with three of alpha", body(`{"type":"text","text":"a","color":"#00ff008"}`), spot + "/color: invalid color"},
		{"colour beyond f", body(`{"type":"separator","color":"#00gg00"}`), spot + "/color: invalid color"},
		{"text size", body(`{"type":"text","text":"a","size":"huge"}`), spot + "/size: invalid property"},
		{"text size in percent", body(`{"type":"text","text":"a","size":"50%"}`), spot + "/size: invalid property"},
		{"text size full", body(`{"type":"text","text":"a","size":"full"}`), spot + "/size: invalid property"},
		{"size of commas", body(`{"type":"text","text":"a","size":"xs,sm"}`), spot + "/size: invalid property"},
		{"align", body(`{"type":"text","text":"a","align":"left"}`), spot + "/align: invalid property"},
		{"gravity", body(`{"type":"text","text":"a","gravity":"middle"}`), spot + "/gravity: invalid property"},
		{"margin in percent", body(`{"type":"text","text":"a","margin":"5%"}`), spot + "/margin: invalid property"},
		{"margin below zero", body(`{"type":"text","text":"a","margin":"-5px"}`), spot + "/margin: invalid property"},
		{"weight", body(`{"type":"text","text":"a","weight":"heavy"}`), spot + "/weight: invalid property"},
		{"wrap as a text", body(`{"type":"text","text":"a","wrap":"true"}`), spot + "/wrap: invalid property"},
		{"flex below zero", body(`{"type":"text","text":"a","flex":-1}`), spot + "/flex: must be between 0 and 2147483647"},
		{"flex as a fraction", body(`{"type":"text","text":"a","flex":1.5}`), spot + "/flex: invalid property"},
		{"button without action", body(`{"type":"button"}`), spot + "/action: must be specified"},
		{"button without label", button(`{"type":"message","text":"a"}`), spot + "/action: `label` must be specified"},
		{"button label of 40", button(`{"type":"message","label":"` + rep(aFamily, 40) + `","text":"a"}`), ""},
		{"button label of 41", button(`{"type":"message","label":"` + rep("あ", 41) + `","text":"a"}`), spot + "/action/label: must not be longer than 40 characters"},
		{"button camera", button(`{"type":"camera","label":"a"}`), spot + "/action: invalid property"},
		{"button field of an action", button(`{"type":"message","label":"a","text":"a","data":"b"}`), spot + "/action/data: unknown field"},
		{"button height", body(`{"type":"button","height":"lg","action":{"type":"message","label":"a","text":"a"}}`), spot + "/height: invalid property"},
		{"button style", body(`{"type":"button","style":"danger","action":{"type":"message","label":"a","text":"a"}}`), spot + "/style: invalid property"},
		{"image over http", body(`{"type":"image","url":"http://example.com/a.jpg"}`), spot + "/url: invalid uri scheme"},
		{"image without url", body(`{"type":"image"}`), spot + "/url: must be specified"},
		{"image too tall", body(`{"type":"image","url":"https://example.com/a.jpg","aspectRatio":"1:3.1"}`), spot + "/aspectRatio: invalid property"},
		{"image ratio", body(`{"type":"image","url":"https://example.com/a.jpg","aspectRatio":"16x9"}`), spot + "/aspectRatio: invalid property"},
		{"ten moving images", body(strings.TrimSuffix(rep(`{"type":"image","url":"https://example.com/a.png","animated":true},`, 10), ",")), ""},
		{"eleven moving images", body(strings.TrimSuffix(rep(`{"type":"image","url":"https://example.com/a.png","animated":true},`, 11), ",")), ": up to 10 animated images can be specified"},
		{"gradient", body(`{"type":"box","layout":"vertical","contents":[],"background":{"type":"linearGradient","angle":"360deg","startColor":"#ff0000"}}`),
			spot + "/background/angle: invalid property\n" + spot + "/background/endColor: must be specified"},
		{"border", body(`{"type":"box","layout":"vertical","contents":[],"borderWidth":"thick","cornerRadius":"10%"}`),
			spot + "/borderWidth: invalid property\n" + spot + "/cornerRadius: invalid property"},
		{"first of a block absolute", body(`{"type":"box","layout":"vertical","contents":[],"position":"absolute"}`), spot + "/position: the first component of a block can't be absolute"},
		{"second of a block absolute", body(`{"type":"text","text":"a"}`, `{"type":"box","layout":"vertical","contents":[],"position":"absolute"}`), ""},
		{"separator of a size", body(`{"type":"separator","size":"md"}`), spot + "/size: unknown field"},
		{"deep", body(`{"type":"box","layout":"vertical","contents":[{"type":"box","layout":"horizontal","contents":[{"type":"text","text":"a","size":"x"}]}]}`),
			spot + "/contents/0/contents/0/size: invalid property"},
	})
}

func TestCheckFlexContainers(t *testing.T) {
	t.Parallel()
	const box = `{"type":"box","layout":"vertical","contents":[{"type":"text","text":"a"}]}`
	bubble := func(rest string) string { return `{"type":"bubble","body":` + box + rest + `}` }
	carousel := func(bubbles ...string) string {
		return flex(`{"type":"carousel","contents":[` + strings.Join(bubbles, ",") + `]}`)
	}
	many := func(n int) string {
		return flex(`{"type":"carousel","contents":[` + strings.TrimSuffix(rep(bubble("")+",", n), ",") + `]}`)
	}
	video := `{"type":"video","url":"https://example.com/a.mp4","previewUrl":"https://example.com/a.jpg","altContent":{"type":"image","url":"https://example.com/a.jpg"},"aspectRatio":"20:13","action":{"type":"uri","label":"a","uri":"https://example.com"}}`
	fat := func(bytes int) string { // a bubble of exactly so many bytes
		shell := `{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":""}]}}`
		return `{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":"` + rep("a", bytes-len(shell)) + `"}]}}`
	}
	runChecks(t, []checkCase{
		{"no altText", `{"type":"flex","contents":` + bubble("") + `}`, "messages[0].altText: May not be empty"},
		{"altText of 1501", `{"type":"flex","altText":"` + rep("a", 1501) + `","contents":` + bubble("") + `}`, "messages[0].altText: Length must be between 0 and 1500"},
		{"no contents", `{"type":"flex","altText":"a"}`, "messages[0].contents: May not be empty"},
		{"no block", flex(`{"type":"bubble"}`), ": at least one block must be specified"},
		{"unknown container", flex(`{"type":"box"}`), "/type: invalid property"},
		{"bubble with everything", flex(bubble(`,"size":"giga","direction":"rtl","header":` + box + `,"hero":` + box + `,"footer":` + box + `,"styles":{"header":{"backgroundColor":"#ffffff","separator":true,"separatorColor":"#000000"}},"action":{"type":"message","text":"a"}`)), ""},
		{"bubble size", flex(bubble(`,"size":"huge"`)), "/size: invalid property"},
		{"bubble field", flex(bubble(`,"title":"a"`)), "/title: unknown field"},
		{"type in styles", flex(bubble(`,"styles":{"type":"a"}`)), "/styles/type: unknown field"},
		{"colour in styles", flex(bubble(`,"styles":{"body":{"backgroundColor":"white"}}`)), "/styles/body/backgroundColor: invalid color"},
		{"text as a block", flex(`{"type":"bubble","body":{"type":"text","text":"a"}}`), "/body: invalid property"},
		{"text as the hero", flex(bubble(`,"hero":{"type":"text","text":"a"}`)), "/hero: invalid property"},
		{"video", flex(bubble(`,"size":"mega","hero":` + video)), ""},
		{"video in a small bubble", flex(bubble(`,"size":"micro","hero":` + video)), "/hero: video needs a bubble of the size kilo, mega or giga"},
		{"video in a carousel", carousel(bubble(`,"hero":` + video)), "/contents/0/hero: video can't be used in a carousel"},
		{"video action", flex(bubble(`,"hero":` + strings.Replace(video, `"type":"uri","label":"a","uri":"https://example.com"`, `"type":"message","label":"a","text":"a"`, 1))), "/hero/action: invalid property"},
		{"30 KB", flex(fat(30 * 1024)), ""},
		{"30 KB and a byte", flex(fat(30*1024 + 1)), ": must not be larger than 30KB"},
		{"carousel of 50 KB", carousel(fat(25*1024-24), fat(25*1024-24)), ""},
		{"carousel over 50 KB", carousel(fat(25*1024), fat(25*1024)), ": must not be larger than 50KB"},
		{"12 bubbles", many(12), ""},
		{"13 bubbles", many(13), "/contents: size must be between 1 and 12"},
		{"no bubbles", many(0), "/contents: size must be between 1 and 12"},
		{"carousel in a carousel", carousel(`{"type":"carousel","contents":[]}`), "/contents/0/type: invalid property"},
		{"bubbles of two sizes", carousel(bubble(`,"size":"kilo"`), bubble("")), "/contents/1/size: must be the same in all bubbles of a carousel"},
		{"size that is the default", carousel(bubble(`,"size":"mega"`), bubble("")), ""},
		{"fault in the second bubble", carousel(bubble(""), `{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":""}]}}`),
			"/contents/1/body/contents/0/text: must be non-empty text"},
	})
}

// TestSDKsFlexExamplesPass feeds the Flex messages of the SDK's own tests
// through the SDK and the checker: what the SDK writes, zero values and all,
// must be what LINE takes.
func TestSDKsFlexExamplesPass(t *testing.T) {
	t.Parallel()
	cards := []messaging_api.FlexContainerInterface{
		&messaging_api.FlexBubble{
			Hero: &messaging_api.FlexImage{Url: "https://example.com/cafe.png", Size: "full", AspectRatio: "20:13", AspectMode: messaging_api.FlexImageASPECT_MODE_COVER, Action: &messaging_api.UriAction{Uri: "https://example.com"}},
			Body: &messaging_api.FlexBox{Layout: messaging_api.FlexBoxLAYOUT_VERTICAL, Contents: []messaging_api.FlexComponentInterface{
				&messaging_api.FlexText{Text: "くらしの窓口", Weight: messaging_api.FlexTextWEIGHT_BOLD, Size: "xl"},
				&messaging_api.FlexBox{Layout: messaging_api.FlexBoxLAYOUT_BASELINE, Margin: "md", Contents: []messaging_api.FlexComponentInterface{
					&messaging_api.FlexIcon{Url: "https://example.com/star.png", Size: "sm"},
					&messaging_api.FlexText{Text: "4.0", Size: "sm", Color: "#999999", Margin: "md"},
				}},
				&messaging_api.FlexSeparator{Margin: "md"},
				&messaging_api.FlexText{Contents: []messaging_api.FlexSpan{{Text: "一"}, {Text: "二", Color: "#ff0000"}}},
			}},
			Footer: &messaging_api.FlexBox{Layout: messaging_api.FlexBoxLAYOUT_VERTICAL, Spacing: "sm", Contents: []messaging_api.FlexComponentInterface{
				&messaging_api.FlexButton{Style: messaging_api.FlexButtonSTYLE_LINK, Height: messaging_api.FlexButtonHEIGHT_SM, Action: &messaging_api.UriAction{Label: "電話", Uri: "tel:0425400200"}},
				&messaging_api.FlexFiller{},
			}},
			Styles: &messaging_api.FlexBubbleStyles{Footer: &messaging_api.FlexBlockStyle{Separator: true}},
		},
	}
	for _, card := range cards {
		raw, err := json.Marshal([]messaging_api.MessageInterface{&messaging_api.FlexMessage{AltText: "a", Contents: card}})
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckMessages(raw); err != nil {
			t.Errorf("%s\n%v", raw, err)
		}
	}
}

// TestAcceptedExamplesPass runs messages that use every field the reference
// documents, each file one message or rich menu: a checker that refuses one is
// too strict.
func TestAcceptedExamplesPass(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/accepted/*.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("examples: got %d, %v, want some", len(files), err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		check := CheckMessages
		if strings.HasPrefix(filepath.Base(name), "richmenu") {
			check = CheckRichMenu
		} else {
			raw = []byte("[" + string(raw) + "]")
		}
		if err := check(raw); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
