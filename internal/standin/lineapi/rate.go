package lineapi

import "time"

// Endpoint names one function of LINE's API, for rates and ordered failures.
// The same path with another method is another endpoint, as at LINE.
type Endpoint string

// The endpoints served. EndpointAny stands for all of them in [Failure], and
// for all not named in [Config.Rates].
const (
	EndpointAny Endpoint = ""

	EndpointReply      Endpoint = "reply"
	EndpointPush       Endpoint = "push"
	EndpointMulticast  Endpoint = "multicast"
	EndpointNarrowcast Endpoint = "narrowcast"
	EndpointBroadcast  Endpoint = "broadcast"
	EndpointValidate   Endpoint = "validate"

	EndpointQuota       Endpoint = "quota"
	EndpointConsumption Endpoint = "quota/consumption"
	EndpointProfile     Endpoint = "profile"
	EndpointInfo        Endpoint = "info"
	EndpointFollowers   Endpoint = "followers/ids"

	EndpointContent     Endpoint = "content"
	EndpointTranscoding Endpoint = "content/transcoding"
	EndpointPreview     Endpoint = "content/preview"

	EndpointLoading    Endpoint = "chat/loading/start"
	EndpointMarkAsRead Endpoint = "chat/markAsRead"
	EndpointLinkToken  Endpoint = "linkToken"

	EndpointWebhookGet  Endpoint = "webhook/endpoint get"
	EndpointWebhookPut  Endpoint = "webhook/endpoint put"
	EndpointWebhookTest Endpoint = "webhook/test"

	EndpointGroup      Endpoint = "group"       // summary, members, member profile; also of rooms
	EndpointGroupLeave Endpoint = "group/leave" // also of rooms

	EndpointRichMenuCreate        Endpoint = "richmenu create"
	EndpointRichMenuValidate      Endpoint = "richmenu/validate"
	EndpointRichMenuGet           Endpoint = "richmenu get"
	EndpointRichMenuList          Endpoint = "richmenu/list"
	EndpointRichMenuDelete        Endpoint = "richmenu delete"
	EndpointRichMenuUpload        Endpoint = "richmenu/content upload"
	EndpointRichMenuDownload      Endpoint = "richmenu/content download"
	EndpointRichMenuDefaultSet    Endpoint = "user/all/richmenu set"
	EndpointRichMenuDefaultGet    Endpoint = "user/all/richmenu get"
	EndpointRichMenuDefaultCancel Endpoint = "user/all/richmenu cancel"
	EndpointRichMenuLink          Endpoint = "user/richmenu link"
	EndpointRichMenuOfUser        Endpoint = "user/richmenu get"
	EndpointRichMenuUnlink        Endpoint = "user/richmenu unlink"
	EndpointRichMenuBulkLink      Endpoint = "richmenu/bulk/link"
	EndpointRichMenuBulkUnlink    Endpoint = "richmenu/bulk/unlink"
	EndpointRichMenuBatch         Endpoint = "richmenu/batch"
	EndpointRichMenuProgress      Endpoint = "richmenu/progress/batch"
	EndpointAliasCreate           Endpoint = "richmenu/alias create"
	EndpointAliasUpdate           Endpoint = "richmenu/alias update"
	EndpointAliasGet              Endpoint = "richmenu/alias get"
	EndpointAliasList             Endpoint = "richmenu/alias/list"
	EndpointAliasDelete           Endpoint = "richmenu/alias delete"
)

// Rate is how many requests an endpoint takes in a time.
type Rate struct {
	Requests int
	Per      time.Duration
}

// PublishedRates is LINE's table, per channel and endpoint.
// https://developers.line.biz/en/reference/messaging-api/#rate-limits
func PublishedRates() map[Endpoint]Rate {
	return map[Endpoint]Rate{
		EndpointNarrowcast:     {60, time.Hour},
		EndpointBroadcast:      {60, time.Hour},
		EndpointWebhookTest:    {60, time.Hour},
		EndpointRichMenuCreate: {100, time.Hour},
		EndpointRichMenuDelete: {100, time.Hour},
		EndpointAliasDelete:    {100, time.Hour},
		EndpointRichMenuBatch:  {3, time.Hour},
		EndpointWebhookGet:     {1000, time.Minute},
		EndpointWebhookPut:     {1000, time.Minute},
		EndpointMulticast:      {200, time.Second},
		EndpointLoading:        {100, time.Second},
		EndpointAny:            {2000, time.Second},
	}
}

// window remembers when the last requests came: in no span of the rate's
// length more get through than the rate says. LINE does not publish its
// method; none can be stricter.
type window struct {
	times []int64 // a ring of Unix nanoseconds, as long as the rate's number
	next  int     // the oldest, to be overwritten
}

// take reports whether one more request fits, and counts it when it does.
func (w *window) take(now time.Time, rate Rate) bool {
	if rate.Requests <= 0 || rate.Per <= 0 {
		return true
	}
	at := now.UnixNano()
	if len(w.times) < rate.Requests {
		w.times = append(w.times, at)
		return true
	}
	if at-w.times[w.next] < int64(rate.Per) {
		return false
	}
	w.times[w.next] = at
	w.next = (w.next + 1) % len(w.times)
	return true
}
