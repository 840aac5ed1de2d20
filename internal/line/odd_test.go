package line_test

import (
	"net/http"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// TestOddEvents sends a resident's message among events of shapes LINE does
// not have today: none of them may cost the resident the message.
func TestOddEvents(t *testing.T) {
	t.Parallel()
	b := setup(t)
	said := `{"type":"message","webhookEventId":"01","timestamp":1700000000000,"mode":"active","source":{"type":"user","userId":"U1"},` +
		`"message":{"type":"text","id":"1","quoteToken":"q","text":"家賃が払えない"}}`
	for _, odd := range []string{
		`{"type":"message","webhookEventId":2,"timestamp":1,"source":{"type":"user","userId":"U2"}}`,
		`{"type":"message","webhookEventId":"03","timestamp":99999999999999999999,"source":{"type":"user","userId":"U3"}}`,
		`{"type":["new"],"webhookEventId":"04","timestamp":"now","source":"U4"}`,
		`null`, `5`, `[]`, `"text"`,
	} {
		b.mail = nil
		body := []byte(`{"destination":"U","events":[` + odd + `,` + said + `]}`)
		r, err := b.line.Post(t.Context(), body, b.line.Sign(body))
		if err != nil || r.Status != http.StatusOK || len(b.mail) != 2 {
			t.Fatalf("%s: answered %d (%v), %d pieces of mail; want 200 and 2", odd, r.Status, err, len(b.mail))
		}
		if a, err := b.client.Read(b.mail[0].Body); err != nil {
			t.Errorf("%s: read as %+v, %v; want it noticed", odd, a, err)
		} else if _, ok := a.Event.(bot.Noticed); !ok {
			t.Errorf("%s: read as %#v, want bot.Noticed", odd, a.Event)
		}
		a, err := b.client.Read(b.mail[1].Body)
		if wrote, ok := a.Event.(bot.Wrote); err != nil || !ok || wrote.Text != "家賃が払えない" {
			t.Errorf("beside %s: read %#v, %v; want what was written", odd, a.Event, err)
		}
	}
}
