package lineapi

import (
	"net/http"
	"time"
)

// content is what a person sent with a message: kept for a while.
type content struct {
	kind      string // image, video, audio, file
	data      []byte
	mediaType string
	preview   []byte
	external  bool // lies elsewhere: LINE has nothing to give
	ready     time.Time
	broken    bool // could not be prepared
	expires   time.Time
	unsent    bool
}

func (p *Platform) contentRoutes(add addRoute) {
	const m = "/v2/bot/message/{messageId}/content"
	add("GET", m, route{endpoint: EndpointContent, host: dataHost, serve: p.serveContent})
	add("GET", m+"/transcoding", route{endpoint: EndpointTranscoding, host: dataHost, serve: p.serveTranscoding})
	add("GET", m+"/preview", route{endpoint: EndpointPreview, host: dataHost, serve: p.servePreview})
}

// find returns a copy of a message's content, or why there is none.
func (p *Platform) find(c *call) (*content, answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	item := p.content[c.r.PathValue("messageId")]
	switch {
	case item == nil || item.external:
		return nil, decline(http.StatusNotFound, "not found")
	case item.unsent || !p.now().Before(item.expires):
		return nil, decline(http.StatusGone, "The content is gone")
	}
	found := *item
	return &found, answer{}
}

// serveContent gives out what was sent; a video or audio file still being
// prepared answers 202.
// https://developers.line.biz/en/reference/messaging-api/#get-content
func (p *Platform) serveContent(c *call) answer {
	item, a := p.find(c)
	switch {
	case item == nil:
		return a
	case item.broken:
		return decline(http.StatusNotFound, "not found")
	case p.now().Before(item.ready):
		return accepted()
	}
	return answer{status: http.StatusOK, body: item.data, contentType: item.mediaType}
}

func (p *Platform) serveTranscoding(c *call) answer {
	item, a := p.find(c)
	switch {
	case item == nil:
		return a
	case item.kind != "video" && item.kind != "audio":
		return badRequest("Transcoding status doesn't support this type of content")
	case p.now().Before(item.ready):
		return ok(`{"status":"processing"}`)
	case item.broken:
		return ok(`{"status":"failed"}`)
	}
	return ok(`{"status":"succeeded"}`)
}

func (p *Platform) servePreview(c *call) answer {
	item, a := p.find(c)
	switch {
	case item == nil:
		return a
	case item.kind != "image" && item.kind != "video":
		return badRequest("The content can not be previewed")
	case item.preview != nil:
		return answer{status: http.StatusOK, body: item.preview, contentType: http.DetectContentType(item.preview)}
	case item.kind == "image":
		return answer{status: http.StatusOK, body: item.data, contentType: item.mediaType}
	}
	return decline(http.StatusNotFound, "not found")
}

// Content gives the demo page what a person sent with a message. It does not
// expire, but ends when the message is unsent.
func (p *Platform) Content(messageID string) (data []byte, mediaType string, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	item := p.content[messageID]
	if item == nil || item.unsent || item.external {
		return nil, "", false
	}
	return item.data, item.mediaType, true
}
