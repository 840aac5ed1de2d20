// Package lineapi is a stand-in for the LINE platform on loopback.
//
// It speaks the real HTTP protocol as strictly as LINE does, in both
// directions, so that the LINE SDK and the product's own code run unchanged
// against it: in the demo, in the end-to-end tests, in the kill -9 test and
// under load.
//
//   - Outgoing: [Platform.Handler] answers what api.line.me and
//     api-data.line.me answer: sending, quota, profiles, content, rich menus.
//     Requests are refused for the reasons, and in the words, LINE uses.
//   - Incoming: the constructors ([Platform.Message], [Platform.Follow], …)
//     make events as a person with a phone causes them, and [Platform.Deliver]
//     posts them, signed, to the webhook.
//   - What a test or the demo page sees: every person's phone
//     ([Platform.Phone]), counters, [Platform.Violations], changes
//     ([Platform.Watch]), and failures to order ([Platform.Fail]).
//
// The package owns no behaviour of the product and imports none of it. It does
// not fetch the images and videos that messages point to, does not know which
// sticker and emoji numbers exist, and has no coupons, audiences or statistics.
//
// Rules come from https://developers.line.biz/en/reference/messaging-api/
// unless a comment names another source.
package lineapi
