// What LINE itself shows on a phone, in the phone's language.
const words = {
  ja: { locale: 'ja-JP', owner: (n) => `${n} さんの電話`, block: 'ブロック', unblock: 'ブロックをやめる', write: 'メッセージを書く', read: '既読' },
  en: { locale: 'en-GB', owner: (n) => `${n}’s phone`, block: 'Block', unblock: 'Unblock', write: 'Enter a message', read: 'Read' },
  zh: { locale: 'zh-CN', owner: (n) => `${n}的手机`, block: '封锁', unblock: '解除封锁', write: '输入消息', read: '已读' },
  ko: { locale: 'ko-KR', owner: (n) => `${n} 님의 전화`, block: '차단', unblock: '차단 해제', write: '메시지 입력', read: '읽음' },
  vi: { locale: 'vi-VN', owner: (n) => `Điện thoại của ${n}`, block: 'Chặn', unblock: 'Bỏ chặn', write: 'Nhập tin nhắn', read: 'Đã đọc' },
};

/** The words for a language as LINE names it: ja, en, zh-Hans, … */
export const phoneWords = (language) => words[(language ?? '').split('-')[0]] ?? words.ja;
