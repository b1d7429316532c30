// Tells the tracker which window is active, whenever that or its title changes, and on request where windows and monitors lie.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import {Extension} from 'resource:///org/gnome/shell/extensions/extension.js';

const INTERFACE = `<node><interface name="org.workdiary.Windows">
  <method name="Active"><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/></method>
  <method name="Survey"><arg type="s" direction="out"/></method>
  <signal name="Changed"><arg type="s"/><arg type="s"/><arg type="s"/></signal>
</interface></node>`;

const place = rect => [rect.x, rect.y, rect.width, rect.height];
const name = window => [window.get_wm_class() ?? '', window.get_title() ?? '', String(window.get_id())];

class Windows {
    Active() {
        const window = global.display.get_focus_window();
        return window ? name(window) : ['', '', ''];
    }

    // The lowest window first.
    Survey() {
        const monitors = [];
        for (let i = 0; i < global.display.get_n_monitors(); i++)
            monitors.push([String(i), ...place(global.display.get_monitor_geometry(i))]);
        const shown = global.get_window_actors().map(actor => actor.meta_window).filter(window => window.showing_on_its_workspace());
        return JSON.stringify({
            primary: global.display.get_primary_monitor(),
            monitors,
            windows: shown.map(window => [...name(window), ...place(window.get_frame_rect())]),
        });
    }
}

export default class WorkdiaryExtension extends Extension {
    enable() {
        this._windows = new Windows();
        this._object = Gio.DBusExportedObject.wrapJSObject(INTERFACE, this._windows);
        this._object.export(Gio.DBus.session, '/org/workdiary/Windows');
        this._focus = global.display.connect('notify::focus-window', () => this._changed());
        this._changed();
    }

    disable() {
        global.display.disconnect(this._focus);
        this._follow(null);
        this._object.unexport();
        this._object = this._windows = null;
    }

    _changed() {
        this._follow(global.display.get_focus_window());
        this._tell();
    }

    _follow(window) {
        if (this._followed)
            this._followed.disconnect(this._title);
        this._followed = window;
        if (window)
            this._title = window.connect('notify::title', () => this._tell());
    }

    _tell() {
        this._object.emit_signal('Changed', new GLib.Variant('(sss)', this._windows.Active()));
    }
}
