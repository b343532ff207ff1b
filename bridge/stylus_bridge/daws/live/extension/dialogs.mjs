// The two windows. Live shows a page; it closes when the page posts `close_and_send` to the host.

function escaped(text) {
  return String(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function page(body) {
  const script =
    "function answer(text) { const message = { method: 'close_and_send', params: [text] };" +
    "if (window.webkit) window.webkit.messageHandlers.live.postMessage(message);" +
    "else window.chrome.webview.postMessage(message); }";
  const html =
    '<!doctype html><meta charset="utf-8"><title>Stylus</title>' +
    "<style>body { font: 14px sans-serif; margin: 20px } select, button { font: inherit; margin-top: 12px }</style>" +
    `${body}<script>${script}</script>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`;
}

export async function tell(context, text) {
  await context.ui.showModalDialog(page(`<p>${escaped(text)}<p><button autofocus onclick="answer('')">OK</button>`), 420, 180);
}

// The id of a preset; empty if the user changed their mind.
export function choosePreset(context, presets) {
  const options = presets.map((preset) => `<option value="${escaped(preset.id)}">${escaped(preset.name)}</option>`);
  const body =
    `<label>Preset<br><select id="preset">${options.join("")}</select></label><br>` +
    "<button onclick=\"answer(document.getElementById('preset').value)\">Render</button> " +
    "<button onclick=\"answer('')\">Cancel</button>";
  return context.ui.showModalDialog(page(body), 320, 160);
}
