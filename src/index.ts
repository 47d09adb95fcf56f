export { type App, type AppOptions, createApp } from './app.ts';
export {
  type Application,
  type ApplicationConfig,
  type Config,
  checkConfig,
  defineConfig,
  type FeaturesConfig,
  type GuardConfig,
  loadApplications,
  type PolicyConfig,
  type ProtectConfig,
  type RequiresConfig,
  type RolesConfig,
  readSettings,
  type SeatsConfig,
  type Settings,
  SettingsError,
} from './config.ts';
