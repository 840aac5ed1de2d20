// Package slackapi is a stand-in for the Slack platform on loopback. It speaks
// Slack's real HTTP and Socket Mode protocols as strictly as Slack does, so
// that a real SDK and the product's real code run against it unchanged: in the
// demo, in end-to-end tests, in the kill -9 test and in the load benchmark.
//
// It owns a workspace in memory: members, channels, messages, modals, home
// tabs, files, and what the app under test did wrong with them. A [Workspace]
// answers the Web API under /api/, delivers events, interactions and slash
// commands to the app (signed, with retries, over HTTP or Socket Mode), and
// offers calls for what a person does ([Workspace.Post], [Workspace.Click],
// [Workspace.FillAndSubmit], …), for reading what people see, for waiting
// until they see it, and for ordering failures.
//
// It does not own the rules of the product, and imports nothing from it. It
// stores nothing on disk. It draws nothing: the demo page renders the JSON of
// [Message] and [View].
//
// Where Slack's behaviour is undocumented, the strict reading was taken; these
// places are marked in the code with "undocumented" or "stricter". Block types
// that appeared after 2024 (video, table, card, …) are refused as unsupported.
package slackapi
