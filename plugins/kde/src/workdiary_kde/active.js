// Tells the tracker which window is active: once now, and whenever that or its title changes. KWin 5 and 6 differ in names.
var six = workspace.windowActivated !== undefined;
var followed = {};
function active() { return six ? workspace.activeWindow : workspace.activeClient; }
function tell() {
    var window = active();
    callDBus("@BUS@", "@PATH@", "org.workdiary.KWin", "Active",
        window ? String(window.resourceClass) : "", window ? String(window.caption) : "", window ? String(window.internalId) : "");
}
function follow(window) {
    if (!window || followed[window.internalId]) return;
    followed[window.internalId] = true;
    window.captionChanged.connect(function () { if (active() === window) tell(); });
}
function changed(window) { follow(window); tell(); }
(six ? workspace.windowActivated : workspace.clientActivated).connect(changed);
changed(active());
