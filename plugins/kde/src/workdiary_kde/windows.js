// Tells once where every screen and every visible window lies, the lowest window first. KWin 5 and 6 differ in names.
var six = workspace.windowActivated !== undefined;
function shown(window) {
    if (window.minimized || window.deleted || !window.frameGeometry) return false;
    if (six) return window.onAllDesktops || window.desktops.indexOf(workspace.currentDesktop) >= 0;
    return window.onAllDesktops || window.desktop === workspace.currentDesktop;
}
function place(area) { return [area.x, area.y, area.width, area.height].map(Math.round); }
var windows = six ? workspace.stackingOrder : workspace.clientList().sort(function (a, b) { return a.stackingOrder - b.stackingOrder; });
var monitors = [];
if (six) {
    workspace.screens.forEach(function (screen) { monitors.push([screen.name].concat(place(screen.geometry))); });
} else {
    for (var i = 0; i < workspace.numScreens; i++)
        monitors.push([String(i)].concat(place(workspace.clientArea(KWin.ScreenArea, i, workspace.currentDesktop))));
}
callDBus("@BUS@", "@PATH@", "org.workdiary.KWin", "Windows", JSON.stringify({
    primary: 0,
    monitors: monitors,
    windows: windows.filter(shown).map(function (window) {
        return [String(window.resourceClass), String(window.caption), String(window.internalId)].concat(place(window.frameGeometry));
    }),
}));
