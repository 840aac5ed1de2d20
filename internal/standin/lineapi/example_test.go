package lineapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"

	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
)

// A resident says something; a bot of a few lines answers through the SDK.
func Example() {
	line, err := lineapi.New(lineapi.Config{ChannelSecret: "secret", ChannelToken: "token", MonthlyQuota: 200})
	if err != nil {
		panic(err)
	}
	defer line.Close()
	api := httptest.NewServer(line.Handler())
	defer api.Close()

	sdk, err := messaging_api.NewMessagingApiAPI("token", messaging_api.WithEndpoint(api.URL))
	if err != nil {
		panic(err)
	}
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, err := webhook.ParseRequest("secret", r)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		for _, e := range got.Events {
			if m, isMessage := e.(webhook.MessageEvent); isMessage {
				_, _ = sdk.ReplyMessage(&messaging_api.ReplyMessageRequest{
					ReplyToken: m.ReplyToken,
					Messages:   []messaging_api.MessageInterface{&messaging_api.TextMessage{Text: "お話を聞かせてください。"}},
				})
			}
		}
	}))
	defer bot.Close()
	line.SetWebhook(bot.URL)

	ctx := context.Background()
	hanako, err := line.AddUser(lineapi.User{Name: "花子"})
	if err != nil {
		panic(err)
	}
	if _, err := line.Say(ctx, hanako, "家賃が払えない"); err != nil {
		panic(err)
	}
	phone, err := line.WaitBubbles(ctx, hanako, 1)
	if err != nil {
		panic(err)
	}
	for _, b := range phone.Bubbles {
		fmt.Println(strings.Repeat(" ", map[bool]int{false: 4}[b.FromBot])+b.Text, b.Via)
	}
	fmt.Println("violations:", len(line.Violations()))
	// Output:
	//     家賃が払えない person
	// お話を聞かせてください。 reply
	// violations: 0
}
