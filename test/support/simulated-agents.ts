const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15';
const EDGE = `${CHROME} Edg/142.0.0.0`;

export const BROWSERS = [CHROME, SAFARI, EDGE];
export const APPLE_MAIL = 'Mozilla/5.0';
export const HEADLESS = CHROME.replace('Chrome', 'HeadlessChrome');
