// Bitwig Studio 3 and later. Puts stems of stylus-daw into launcher slots.
//
// Scripts in Bitwig can neither render audio nor reach the arranger, so this is the way back only. It listens on a fixed
// port of this computer; the app tells it of every stem, because the installer has entered the port in its listeners.json.

loadAPI(10);

var VERSION = "@STYLUS_VERSION@";
var STATE_FOLDER = "@STYLUS_STATE_FOLDER@";
var PORT = 47160;
var SCENES = 64;
var CHECK_AFTER_MS = 1500;

host.setShouldFailOnDeprecatedUse(true);
host.defineController("Stylus", "stylus-daw", VERSION, "5b0f2a6e-3c1d-4a57-9a0e-7d1f0c8e4b21", "stylus-daw");
host.defineMidiPorts(0, 0);

/** @type {API.CursorTrack} */
var track;
/** @type {API.ClipLauncherSlotBank} */
var slots;
/** @type {API.SettableBooleanValue} */
var isAutomatic;
/** @type {string | null} */
var newest = null;

function init() {
   track = host.createCursorTrack("STYLUS_TRACK", "Stylus", 0, SCENES, true);
   track.exists().markInterested();
   track.name().markInterested();
   track.trackType().markInterested();
   slots = track.clipLauncherSlotBank();
   for (var i = 0; i < SCENES; i++) {
      slots.getItemAt(i).exists().markInterested();
      slots.getItemAt(i).hasContent().markInterested();
      slots.getItemAt(i).isSelected().markInterested();
   }

   var settings = host.getPreferences();
   isAutomatic = settings.getBooleanSetting("Insert stems at once", "Stylus", false);
   isAutomatic.markInterested();
   var button = host.getDocumentState().getSignalSetting("Stem", "Stylus", "Insert newest stem");
   button.addSignalObserver(guarded(insertNewest));

   var module = host.getOscModule();
   var space = module.createAddressSpace();
   space.setName("Stylus");
   listen(space, "/stylus/ready", function () { say("stylus-daw is running"); });
   listen(space, "/stylus/job/progress", function (message) { say(Math.round(message.getFloat(1) * 100) + " %"); });
   listen(space, "/stylus/job/failed", function (message) { say(message.getString(2)); });
   listen(space, "/stylus/job/cancelled", function () { say("cancelled"); });
   listen(space, "/stylus/job/done", function (message) { receive(message.getString(1)); });
   space.registerDefaultMethod(function () {}); // other messages of the app do not concern us
   module.createUdpServer(PORT, space);
   say("ready");
}

function exit() {}

function flush() {}

/** @param {string} text */
function say(text) {
   host.showPopupNotification("Stylus: " + text);
   host.println("Stylus: " + text);
}

/**
 * Bitwig stops a script that throws.
 * @template {Function} Body
 * @param {Body} body
 * @returns {Body}
 */
function guarded(body) {
   return /** @type {any} */ (function () {
      try {
         body.apply(null, arguments);
      } catch (problem) {
         host.errorln("Stylus: " + problem);
      }
   });
}

/**
 * @param {com.bitwig.extension.api.opensoundcontrol.OscAddressSpace} space
 * @param {string} address
 * @param {(message: com.bitwig.extension.api.opensoundcontrol.OscMessage) => void} act
 */
function listen(space, address, act) {
   space.registerMethod(address, "*", "from stylus-daw", guarded(function (source, message) { act(message); }));
}

/**
 * Any program may send to our port: only stems of the app's own jobs folder are taken.
 * @param {string} path
 */
function isStem(path) {
   var plain = String(path).replace(/\\/g, "/");
   var folder = STATE_FOLDER.replace(/\\/g, "/") + "/jobs/";
   return plain.indexOf(folder) === 0 && plain.indexOf("/../") < 0 && /\/stem\.wav$/.test(plain);
}

/** @param {string} path */
function receive(path) {
   if (!isStem(path)) {
      host.errorln("Stylus: this is not one of our stems: " + path);
      return;
   }
   newest = String(path);
   if (isAutomatic.get()) {
      insertNewest();
   } else {
      say("a stem is finished: Studio I/O panel > Stylus > Insert newest stem");
   }
}

function insertNewest() {
   if (newest === null) {
      say("no stem has come since Bitwig was started");
      return;
   }
   if (!track.exists().get() || !holdsAudio(track.trackType().get())) {
      say("select an audio track first");
      return;
   }
   var slot = emptySlot();
   if (slot === null) {
      say("'" + track.name().get() + "' has no empty slot. Drag the stem in from " + newest);
      return;
   }
   insert(newest, slot);
}

/**
 * @param {string} path
 * @param {API.ClipLauncherSlot} slot
 */
function insert(path, slot) {
   slot.replaceInsertionPoint().insertFile(path);
   host.scheduleTask(guarded(function () { check(slot, path); }), CHECK_AFTER_MS);
}

/** @param {string} type */
function holdsAudio(type) {
   return type === "Audio" || type === "Hybrid";
}

/** The selected slot, else the first one; never one that holds a clip. */
function emptySlot() {
   var first = null;
   for (var i = 0; i < SCENES; i++) {
      var slot = slots.getItemAt(i);
      if (slot.exists().get() && !slot.hasContent().get()) {
         if (slot.isSelected().get()) return slot;
         if (first === null) first = slot;
      }
   }
   return first;
}

/**
 * @param {API.ClipLauncherSlot} slot
 * @param {string} path
 */
function check(slot, path) {
   if (slot.hasContent().get()) {
      say("the stem is in '" + track.name().get() + "'. Switch its stretching off (clip inspector: Raw)");
   } else {
      say("Bitwig did not take the stem. Drag it in from " + path);
   }
}
